"""Words of the department "beauty": 60 product types in 9 groups; `departments` explains the notation."""

from __future__ import annotations

__all__ = ["BEAUTY"]

BEAUTY = """
root: Beauty & Self Care
adjectives: gentle, daily, luxury, classic, everyday, professional, mini, deluxe, popular, natural
a: cruelty free, travel size, long lasting, easy to use, easy to store, eco friendly, @daily care, @gift sets
a: +recycled packaging
f: a storage pouch; a recycled carton; a care leaflet; a gift sleeve; a printed seal; a sample card; a linen bag
- Gentle enough for every day, strong enough to see a difference.
- Fits in a carry on bag, so your routine does not have to stay at home.
- Made in small batches, with the batch number printed on the base.
- Keep in a dry place and away from direct sun.
- Our beauty team answers questions within one working day.
- A small treat that goes down well as a birthday or thank you present.
- Simple to use, simple to like and simple to give away.
- Works in the morning before work and at night before bed.
- Once you have it in the bathroom you will wonder how you did without.
- The second one is usually bought by a friend.

== Hair Care › Shampoo & Conditioner
shampoo*, hair wash*, cleansing shampoo* | 14 | scent size.fluid | tea tree, argan oil, rosemary, oat milk, rice water
conditioner*, hair conditioner*, rinse out conditioner* | 14 | scent size.fluid | coconut, keratin, shea, avocado
hair mask, deep conditioning mask, hair treatment | 18 | scent size.fluid | banana, honey, collagen, hibiscus, yogurt
hair oil*, scalp oil*, hair growth oil* | 17 | scent size.fluid | castor, amla, jojoba, almond, black seed
hair serum, leave in serum, smoothing serum | 19 | scent size.fluid | silk protein, marula, peptide, camellia
dry shampoo*, dry shampoo powder*, waterless shampoo* | 13 | shade scent | rice starch, charcoal, clay, oat
scalp scrub, scalp exfoliator, hair scrub | 16 | scent size.fluid | sea salt, peppermint, brown sugar, ginger
a: @sensitive scalp, paraben free, +natural ingredients, alcohol free, sulfate free
a: color safe, anti frizz, silicone free, volumizing
a: deep cleansing, ph balanced, clarifying, @dry hair, @curly hair, @damaged hair, @hair growth, @oily scalp
a: @fine hair, @color treated hair, @split ends, +argan oil, +coconut oil, +tea tree oil
u: men and women, all hair types, wavy hair, kids and adults, thick hair
f: a fresh herbal note; a soft rinse
f[shampoo, conditioner, serum, oil]: a pump dispenser
f[shampoo]: a light foam
f[conditioner, mask, oil, serum]: a silky finish
f[mask, scrub]: a wide neck jar
-[shampoo, conditioner, mask, scrub] Massage into wet hair from the roots down and rinse with warm water.
-[shampoo, conditioner, mask, oil, serum] Leaves strands soft to the touch and simple to comb, even on a humid day.
- Tested on curls, waves and straight hair by people of every age.
-[shampoo, conditioner, oil, serum] The bottle stands on its cap, so the last drop comes out too.
- Use twice a week for a month and look at your ends again.
- Rinses out in under a minute and does not weigh roots down.

== Hair Care › Styling Tools › Hair Tools & Accessories
hair brush, detangling brush, paddle brush | 13 | color.home style | boar bristle, bamboo, vented, nylon pin, round
hair dryer, blow dryer, hairdryer | 48 | color.gadget style | ionic, folding, diffuser, wall mount
hair straightener, flat iron, straightening iron | 42 | color.gadget size.inch | titanium, tourmaline, cordless, steam
curling iron, curling wand, hair curler | 36 | color.gadget size.inch | rotating, three barrel, ceramic, clamp free
hair clips, claw clips, barrettes | 9 | color.wear pack | pearl, butterfly, matte, tortoise, alligator
wig, lace front wig, synthetic wig | 52 | shade size.inch | bob, body wave, pixie, deep curl, straight
hair extensions, clip in extensions, hairpieces | 46 | shade size.inch | ponytail, tape in, halo, wavy
hair ties, scrunchies, elastic hair bands | 8 | color.wear pack | velvet, satin, spiral, seamless, linen
a: non slip, salon quality, @hair styling, @natural hair, @wet hair, @thick hair, +ergonomic handle
a: %stainless steel, tangle free
a[dryer, straightener, iron]: fast heating, dual voltage, heat resistant, auto shut off, adjustable heat
a[dryer, straightener, iron]: +ceramic coating, +long cord
a[brush]: +soft bristles, snag free
a[wig, extensions]: %synthetic hair, %human hair
u: women and girls, home and salon, parties and weddings, short and long hair, travel
f: a velvet pouch; a comb set
f[dryer, straightener, iron]: a swivel cord
f[straightener, iron]: a heat glove; a cool tip
f[clips, brush]: rounded teeth
f[clips, wig, extensions]: two spare pins
-[brush, dryer, straightener, iron] Glides through long and short hair without pulling.
-[brush, dryer, straightener, iron] Light in the hand, so your arm does not tire half way through.
-[clips, ties, extensions] Put your hair up in seconds and forget about it until the evening.
-[dryer, straightener, iron] Let the tool cool down for ten minutes before you put it away.
- Holds its shape after hundreds of uses on our test bench.
-[brush, wig, extensions, dryer, straightener, iron] Comb through gently, section by section, for the smoothest look.

== Skin Care › Face
face cream, facial moisturizer, day cream | 24 | size.fluid style | hyaluronic, snail, ceramide, green tea, squalane
face wash*, facial cleanser, cleansing gel* | 15 | size.fluid scent | salicylic, oatmeal, charcoal, cucumber, aloe
face serum, facial serum, brightening serum | 26 | size.fluid style | vitamin c, niacinamide, retinol, peptide
sheet mask, facial mask, face mask sheets | 16 | pack style | collagen, cucumber, honey, aloe, pearl
facial toner, face toner, toner mist | 17 | size.fluid scent | rose water, witch hazel, rice, cica
eye cream, under eye cream, eye gel | 23 | size.fluid style | caffeine, peptide, avocado, retinol
sunscreen*, sun lotion*, sunblock* | 19 | size.fluid style | mineral, tinted, sport, gel
lip balm, lip moisturizer, lip butter | 8 | flavor.sweet pack | beeswax, shea, mango butter, tinted
a: @sensitive skin
a: fragrance free, paraben free, dermatologist tested, +natural ingredients, oil free, non greasy, hypoallergenic
a: non comedogenic, fast absorbing, anti aging, lightweight, clinically proven, @dry skin, @oily skin, @fine lines
a: @dark circles, @acne prone skin, @dead skin, @dark spots, +hyaluronic acid, +vitamin c, +aloe vera, +green tea
a: +shea butter
a[sunscreen, cream, balm]: +spf protection
u: women and men, morning and night, mature skin, teens, all skin types
f[cream, serum, sunscreen]: an airless pump
f[cream, mask]: a glass jar; a small spatula
f[eye]: a cooling tip
f[cream, serum, toner]: a dewy finish
f[sunscreen, cream, wash]: a matte finish
f[serum]: a dropper
-[cream, serum, toner, sunscreen] Pat onto clean skin and wait a minute before make up.
-[cream, serum, toner, sunscreen, mask] Feels like water on the skin and leaves no white film.
- Try it on the inside of the wrist first if your skin reacts quickly.
-[balm] Keeps lips soft on a ski slope and by the sea.
-[balm] Goes on without a mirror.
-[cream, wash, mask, toner] Calms redness after a long day in wind and dry air.
-[cream, wash, serum, sunscreen] A pea sized drop is enough for cheeks, nose and chin.
-[cream, serum, sunscreen] Sits well under foundation and does not pill.

== Body Care › Bath & Body
body lotion*, body milk*, moisturizing lotion* | 14 | scent size.fluid | shea, oat, cocoa butter, almond, urea
body wash*, shower gel*, bath gel* | 12 | scent size.fluid | citrus, oat, eucalyptus, honey, coconut
bar soap*, soap bars, hand soap bar | 11 | scent pack | goat milk, olive oil, charcoal, turmeric, sea salt
hand cream, hand lotion*, hand balm | 10 | scent pack | glycerin, shea, honey, lanolin
foot cream, foot balm, heel cream | 13 | scent size.fluid | urea, peppermint, tea tree, lavender
bath bombs, bath fizzies, bath balls | 20 | scent pack | epsom salt, glitter, bubble, milk
body scrub, exfoliating scrub, sugar scrub | 16 | scent size.fluid | coffee, coconut, himalayan salt, walnut
deodorant, deodorant stick, natural deodorant | 11 | scent pack | crystal, baking soda, magnesium, roll on
a: @sensitive skin
a: fragrance free, paraben free, easy to apply, aluminum free, plant based, fast drying, deep moisturizing
a: soap free, exfoliating, non sticky, biodegradable, @cracked heels, @rough skin, @itchy skin, @dry hands
a: @bath and shower, @body odor, +coconut milk, +essential oils, +epsom salt, +cocoa butter, +vitamin e
u: the whole family, him and her, feet and hands, spa days, winter care
f: a soft scent; a gift ribbon
f[lotion, wash, cream]: a flip top tube
f[scrub, bombs]: a wooden scoop
f[wash, soap]: a creamy lather
f[wash, lotion]: a refill pouch
-[lotion, cream] Spread over damp skin after the shower and let it sink in.
-[wash, soap, bombs, scrub] Turns an ordinary bathroom into a quiet corner for half an hour.
- The scent is there when you open the lid and gone when you dress.
-[lotion, wash, soap, cream] Made for skin that gets tight and flaky in winter.
-[lotion, cream, scrub] Smooth it over elbows and knees, where skin is thickest.
- Does not leave stains on towels or sheets.

== Makeup › Face & Eyes
eyeshadow palette, eye shadow palette, shadow palette | 19 | shade style | matte, shimmer, nude tone, smoky, jewel
mascara, lash mascara, volume mascara | 13 | shade pack | fiber, tubing, curling, brown
eyeliner, eye liner pen, liquid liner | 10 | shade pack | gel, felt tip, kohl, winged
foundation, liquid foundation, face makeup base | 18 | shade style | serum, stick, powder, cushion
concealer, cover stick, under eye concealer | 12 | shade pack | creamy, full cover, color correcting
lipstick, lip color, matte lipstick | 12 | shade pack | velvet, satin, liquid, sheer
powder blush, cheek color, blusher | 14 | shade style | cream, baked, liquid, stick
makeup brushes, makeup brush set, cosmetic brushes | 21 | color.home pack | kabuki, bamboo, vegan, blending
false eyelashes, fake lashes, lash strips | 12 | style pack | wispy, magnetic, mink style, natural look
a: dermatologist tested, easy to apply, fragrance free, highly pigmented, waterproof, smudge proof, buildable
a: mineral based, talc free, transfer proof, @stage makeup, @mature skin, @everyday looks, non drying
a[brushes]: %synthetic bristles, quick blending
a[foundation, concealer, lipstick, blush]: +light coverage, +full coverage, +rose water
a[mascara, eye]: ophthalmologist tested, @small eyes, +precision tip
u: beginners, brides, work and evening, fair to deep skin, teens and moms
f: a slim case
f[palette, blush, foundation]: a built in mirror
f[palette, eyeliner, brushes]: a dual ended brush
f[foundation, blush, concealer]: a soft sponge
f[lipstick, mascara, eyeliner, concealer]: a click cap
f[palette, foundation, lipstick, blush]: a satin finish
-[mascara, eyeliner, foundation, concealer, lipstick, palette] Goes on in one stroke and builds up when you want more.
- Stays put through a full shift, a workout and the way home.
-[mascara, eyeliner, foundation, concealer, lipstick, eyeshadow] Take off at night with warm water and a soft cloth.
-[brushes] Dense enough for powder and fine enough for a line.
-[brushes] Wash with mild soap and lay flat to dry.
-[lashes] Trim to the width of your eye before you put on any glue.
-[lashes] So light that you forget about them.
-[foundation, concealer, lipstick, blush, palette] Shades that flatter cool, warm and neutral undertones.
-[mascara, foundation, concealer, lipstick, blush, palette] A few layers turn a day look into an evening look.
-[foundation, concealer, blush, palette] Blend with a fingertip or with your favorite brush.

== Nail Care › Manicure & Pedicure
nail polish, nail lacquer, gel nail polish | 10 | shade pack | quick dry, glitter, peel off, cat eye
nail stickers, nail decals, nail wraps | 8 | style pack | floral, marble, abstract, star
nail file, nail buffer, emery board | 7 | pack color.home | glass, crystal, sponge, metal
press on nails, fake nails, artificial nails | 11 | shade style | coffin, almond, short square, stiletto
nail lamp, uv nail lamp, gel nail dryer | 27 | color.gadget style | portable, sensor, cordless, dual light
cuticle oil*, nail oil*, cuticle treatment | 9 | scent pack | almond, jojoba, pen, apricot
a: chip resistant, toxin free, odor free, easy to remove, reusable, high gloss, soak off, self adhesive, @nail art
a: @weak nails, @home manicure, @natural nails, @gel nails, +jojoba oil
a[lamp]: +uv light, +timer setting
u: women and teens, salon use, fingers and toes, holidays, beginners
f: a mini file
f[polish, oil]: a wide brush
f[polish, stickers, press on]: a prep pad
f[stickers, press on, oil]: a wooden stick
f[lamp]: a steady base
f[file]: a flexible tip
-[polish] Two thin coats look better than a thick one.
-[polish, stickers, press on] Keeps its shine through a week of dishes and typing.
-[polish, stickers, press on, lamp] Wipe each nail with a prep pad before you begin.
-[polish, stickers, press on] Comes off in ten minutes when you feel like a change.
- Done at the kitchen table in the time a tea needs to cool.

== Oral Care › Teeth & Gums
toothbrush, manual toothbrush, kids toothbrush | 9 | color.home pack | bamboo, charcoal, extra soft, u shaped
electric toothbrush, sonic toothbrush, power toothbrush | 41 | color.gadget style | sonic, rotating, travel, kids
toothpaste*, whitening toothpaste*, tooth powder* | 9 | flavor.mint pack | hydroxyapatite, charcoal, herbal, clay
dental floss*, floss picks, water floss thread* | 8 | flavor.mint pack | silk, expanding, coconut wax, charcoal
mouthwash*, mouth rinse, breath rinse | 11 | flavor.mint size.fluid | xylitol, herbal, sea salt, zinc
tongue scraper, tongue cleaner, tongue brush | 8 | color.home pack | copper, metal, soft rim, double edge
a: teeth whitening, bpa free, enamel safe, eco friendly, @bad breath, @sensitive teeth, @fresh breath, @oral hygiene
a: @bleeding gums
a[electric]: +smart timer, +replacement heads, rechargeable
a[toothpaste, mouthwash, floss]: fluoride free, gluten free, +xylitol
a[brush]: extra soft
u: kids, adults, people with braces, travel, smokers and coffee drinkers
f[brush, scraper]: a travel cap; a soft grip
f[brush, floss]: a tapered tip
f[electric]: a charging stand
f[brush]: a tongue pad
f[floss]: a refill roll
-[brush, floss] Reaches the back molars without scratching the gums.
- Two minutes in the morning and two at night are all it takes.
-[brush, scraper] Dentists we asked liked the shape of the head.
-[toothpaste, floss, mouthwash] The taste is mild, so children do not make a fuss.
-[brush] Replace after three months, or when the ends spread.

== Shave & Hair Removal
safety razor, shaving razor, double edge razor | 22 | color.gadget pack | butterfly, brass, long handle, disposable
beard oil*, beard conditioner oil*, beard serum | 14 | scent pack | sandalwood, cedar, argan, unscented
shaving cream*, shave gel*, shaving foam* | 11 | scent size.fluid | aloe, menthol, sandalwood, brushless
hair trimmer, beard trimmer, hair clippers | 34 | color.gadget style | cordless, nose, body, zero gap
tweezers, eyebrow tweezers, slant tweezers | 8 | color.home pack | slant, pointed, lighted, flat tip
a: @sensitive skin
a: rinses easily, irritation free, @hair removal, @ingrown hairs, @bikini area, @beard growth, @coarse hair
a[oil, cream]: +sandalwood oil, skin friendly
a[trimmer]: +led display, low noise, quick charge, washable
a[razor, tweezers, trimmer]: %high carbon steel, rust proof, close cutting
u: men, women, face and body, the barber shop, legs and underarms
f[trimmer]: a guard comb
f[razor, trimmer]: a soft stand; spare blades; a blade cover
f[razor, tweezers]: a leather sleeve
f[tweezers]: an angled tip
-[razor, trimmer, tweezers] Rinse under the tap and leave to air dry.
-[oil] A few drops after the shower are enough for the day.
-[oil, cream] Softens stubble and calms the skin below.
-[razor, cream] Shave with the grain first and let the weight do the work.
-[razor, cream, trimmer, oil] Leaves no tug marks and no red dots the next morning.
-[razor, trimmer, tweezers] Balanced in the hand, with a grip that stays dry.
-[razor, trimmer, tweezers] Catches even the short ones at the first try.

== Tools & Accessories › Bags & Mirrors
makeup bag, cosmetic bag, toiletry bag | 17 | color.wear size.letter | quilted, clear, canvas, hanging, velvet
vanity mirror, makeup mirror, lighted mirror | 33 | color.gadget style | tabletop, trifold, wall, folding
eau de toilette*, perfume*, body fragrance* | 32 | scent size.fluid | floral, woody, citrus, amber
a: @gift giving
a[mirror]: +magnifying glass, %tempered glass, +led lights, dimmable, double sided, easy to mount, @dressing tables
a[bag]: +brush holder, %faux leather, wide opening, @makeup storage, dust proof, large capacity, water resistant
a[toilette]: alcohol light, softly scented, +lasting scent, @date nights, +spray bottle, vegan, @warm evenings
a[bag, toilette]: @travel trips, leak proof
u: women, dressing tables, weekend trips, mothers and daughters, dorm rooms
f[bag]: a zip pocket; a soft lining; two small pockets
f[toilette]: a spray head
f[mirror]: a folding stand; a touch switch
-[toilette] Fresh at first, warm and close after an hour.
-[toilette] One spray on the wrist is plenty.
-[bag, mirror] Keeps small things in their place and the sink free.
-[bag, mirror] Looks neat next to the basin and light in the suitcase.
-[bag, mirror] Every seam and hinge is checked by hand before it leaves us.
- A present that is used every single day.
-[bag, mirror] Opens flat, so you see at a glance what is there.
"""
