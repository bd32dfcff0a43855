"""Which words of a title are nouns."""

from __future__ import annotations

import re

__all__ = ["title_nouns"]

_TEXT = """
aa absorbent absorbing abstract active added adhesive adjust adjustable aged aging airless airtight align all always
amplified an and anti apply approved artificial as assembled at audible athletic backless backlit baked baking
balanced before beige bent best big biodegradable black bleeding blending block blocking blue bold boosted
borosilicate braided breathable brightening brown brushed brushless buildable built burning burnt busy can cancelling
canned cantilever carbonated carry carrying carving casual certified changing charged charging checkered chewy
chopping chunky clarifying classic clean cleaning cleansing clear clinically close coated coiled cold collapsible
combed comedogenic comfortable commercial compact compostable connecting contemporary contoured contrast controlled
controls convertible cooked cool cooling cordless correcting cosmetic covered cozy cracked creamy cropped cross
crunchy cuffed curling curly curved cushioned cut cutting daily damaged dark decaf decorated decorative deep delicious
deluxe dental detangling detecting dewy dietary digital dimmable dining disposable distressed double down drafting
dried drinking dry drying dual dusty easily easy eat edged edible efficient elastic electric elegant emergency ended
engineered engraved ergonomic essential everyday executive exfoliating expandable expanding extendable extended
external extra extracted fade fading fair fake false fashioned fast faux fed fine fingerless finished firm first
fitted five fixed flared flat flavored flexible floating floppy flowy fluffy foldable folding for formal four
frameless free french fresh friendly fringed front frying full fully funny fuzzy gallium gentle genuine giving glides
glossy golden gourmet graphic greasy green grey grilling grounded grown handmade hanging hard hdtv healthy hearty
heating heavy her herbal hidden high highly him himalayan holeless hooded hot hyaluronic hybrid hypoallergenic iced
imported in included individually indoor industrial inflatable infused ingrown inner inside installed instant
insulated international ionic itchy kosher laced large lasting latest layered learning leave left less lidded lifting
light lighted lightweight lined liquid listed live living lockable locking long longline loose low lumbar made
magnetic magnifying manual matching matte mature mauve maxi measuring mechanical medium mid midi mild milled mini
mixed modern modular moisturizing monitoring motorized mountable mounted mounting multi multicolor multicolored
multigrain multiple narrow natural navy needed neon nesting neutral new no non nude nursing of off old ombre on one
online open opening optical oral orange organic original out outdoor over overheat overload oversized packable padded
painted parboiled parental paring peel peppered persian picked pigmented pink plaid plated pleated plus pointed
polarized popped popular portable powdered powered pre premium pressed printed printing professional programming prone
proof protected protective proven puffed pure purple quad quick quiet quilted racerback raised ratcheting rated raw
ready real rear rechargeable recycled red regular reinforced rejecting relaxed remote removable remove repellent
resealable resistant retardant retractable retro reusable reverse reversible ribbed rich ridged right rinses ripped
roasted rocking rolling roman roomy rotating rough round rounded royal ruched ruffled rugged rural rustic safe
salicylic salted salty scalloped scented seamless seeded self sensitive serve seven seventy shaped sharp shaving
shedding sheer shielded short shut sided silent silky simmered simple single sized skinny skirted sleeping sleeveless
sliding slim slouchy slow small smart smocked smoked smoky smooth smoothing soak soaker soft softly solar solid sonic
sour spare sparkling special spicy square squat stable stackable stainless standalone standing stays steady sterling
sticky stitched straight straightening strappy streaming stretchy striped sturdy styling stylish super supporting
swappable sweet synthetic tagless taking tall tapered tasseled tasty tempered ten tested thank the thermal thick thin
three ticking tidy tiered tilting tinted to toasted tracking traditional trans treated trendy trifold tropical true
tufted turkish turquoise twelve twisted two ultra under underwater unfiltered unflavored universal unlined unscented
up upgraded upholstered vegan vented vertical viewing vintage virgin virtual volumizing walking warm washable washed
watering waterless waterproof wavy waxed we weak weighted western wet whistling white whitening whole wicking wide
wild wingback winged wired wireless wispy with wooden woody woven wrapped wrought yellow you zero
"""
_OTHER_WORDS = frozenset(_TEXT.split())
_WORD = re.compile(r"\b[a-z]{2,}(?:'s)?\b")


def title_nouns(title: str) -> tuple[str, ...]:
    """Return the nouns of a title in their order, lower-case, repeats kept.

    Every word of two letters or more counts unless it is on the list of other words. No tagger is involved: two models
    of the same tagger disagree on half of all titles, so the nouns are part of the catalogue.
    """
    words = _WORD.findall(title.lower())
    return tuple([word.removesuffix("'s") for word in words if word not in _OTHER_WORDS])
