"""Attributes said in other words, as shoppers say them; each is put behind the product's name.

In about 15 % of the cases an instruction of a human-style goal uses these instead of the attribute itself.
"""

from __future__ import annotations

__all__ = ["PARAPHRASES", "SIZE_WORDS"]

_TEXT = """
cruelty free = that was never tested on animals
travel size = that fits in my carry on
long lasting = that will not wear out soon
easy to use = that even my grandmother could handle
easy to store = that does not need much room in the cupboard
eco friendly = that is kind to the planet
daily care = that i can use every day
gift sets = that i could give as a present
recycled packaging = that does not come in new plastic
sensitive skin = that will not bother my touchy skin
fragrance free = without any perfume
paraben free = without parabens
alcohol free = without alcohol in it
dermatologist tested = that skin doctors have tested
natural ingredients = with nothing artificial inside
easy to apply = that goes on without trouble
sulfate free = without sulfates
anti frizz = that stops my hair from going frizzy
dry hair = that helps hair that is too dry
curly hair = that works on my curls
hair growth = that makes my hair grow
non slip = that stays in place
tangle free = that will not get tangled
dual voltage = that i can plug in abroad as well
oil free = without any oil
non greasy = that does not feel greasy
anti aging = that helps against wrinkles
fast absorbing = that soaks in quickly
dry skin = that helps flaky skin
dark circles = that hides tired eyes
waterproof = that survives rain and tears
smudge proof = that does not smear
teeth whitening = that gives me whiter teeth
bad breath = that stops my breath from smelling
fluoride free = without fluoride
high performance = that is really powerful
easy to install = that i can put up myself
quick setup = that is ready within minutes
carrying case = with something to carry it in
one year warranty = that is covered for a year
home office = that i can use when working from home
high speed = that is really fast
energy saving = that does not use much power
compact size = that does not take up much room
clear manual = with instructions i can understand
noise cancelling = that keeps the noise of the train out
hands free = that leaves my hands free
long battery life = that runs for days
sweat proof = that i can sweat in
fast charging = that charges in no time
shock absorbing = that survives a fall
wireless charging = that charges without a cord
ultra thin = that is as thin as can be
water resistant = that can take some rain
height adjustable = that i can set higher or lower
night vision = that sees in the dark
heart rate monitoring = that reads my pulse
kid friendly = that children can handle
easy to clean = that wipes clean in a moment
small apartments = that suits a tiny flat
easy care = that needs hardly any care
housewarming gifts = that makes a present for a new home
neutral look = in a look that goes with everything
lead free = without lead
holiday homes = that would do for our cabin
easy assembly = that i can put together alone
living room = that i can put next to the couch
dining room = that suits the room where we eat
space saving = that does not need much room
heavy duty = that can take a lot
machine washable = that can go in the washing machine
super soft = that is as soft as it gets
hypoallergenic = that will not set off my allergies
light blocking = that keeps the sun out
dimmable = that i can turn down at night
remote controlled = that i can switch from the bed
dishwasher safe = that can go in the dishwasher
leak proof = that does not drip
quick drying = that dries fast
weather proof = that can stay outside all year
solar powered = that runs on sunlight
daily wear = that i can wear every day
special occasions = that i can wear to a party
everyday comfort = that feels good all day
quality stitching = with seams that hold
true to size = that fits as the label says
travel days = that is good to have on a journey
fade resistant = that keeps its color
small batch made = that is not mass produced
machine wash = that can go in the washing machine
hand wash = that i can wash by hand
long sleeve = that covers my arms
short sleeve = that leaves my arms bare
high waist = that sits above the hips
tummy control = that holds my belly in
elastic waist = that stretches around the middle
wide feet = that suits broad feet
rubber sole = with rubber under the foot
arch supporting = that supports my arches
cold weather = that keeps me warm
uv blocking = that keeps uv rays out
gluten free = without gluten
non gmo = without genetically modified stuff
kosher certified = that keeps to kosher rules
dairy free = without milk in it
certified organic = from organic farms only
soy free = without soy
natural flavors = that tastes of real things only
artificial color free = without artificial dyes
keto friendly = that fits a keto diet
vegan friendly = that vegans can eat
resealable bag = that i can close again
no added sugar = that nobody has sweetened
low sodium = with very little salt
high protein = with plenty of protein
sugar free = without sugar
caffeine free = without caffeine
individually wrapped = with every piece in its own wrapper
low carb = with few carbs
ready to eat = that i can eat straight away
shelf stable = that keeps for months
"""
PARAPHRASES = {
    attribute: clause for attribute, _, clause in (line.partition(" = ") for line in _TEXT.strip().splitlines())
}
"""The attribute, and what is said in its place."""

SIZE_WORDS = {
    "x-small": "extra small",
    "x-large": "extra large",
    "xx-large": "2xl",
    "3x-large": "3xl",
    "4x-large": "4xl",
    "5x-large": "5xl",
    "multicolored": "many colors",
    "pack of 2": "two pack",
    "pack of 3": "three pack",
    "pack of 4": "four pack",
    "pack of 6": "six pack",
    "pack of 12": "twelve pack",
}
"""Option values that people tend to write in another way."""
