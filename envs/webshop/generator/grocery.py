"""Words of the department "grocery": 29 product types in 5 groups; `departments` explains the notation."""

from __future__ import annotations

__all__ = ["GROCERY"]

GROCERY = """
root: Grocery & Gourmet Food
adjectives: delicious, crunchy, gourmet, fresh, traditional, hearty, classic, premium, healthy, tasty
a: gluten free, non gmo, kosher certified, dairy free, certified organic, soy free, +natural flavors
a: artificial color free, keto friendly, vegan friendly, +resealable bag, +no added sugar
f: a recipe card; a sturdy box; a paper sleeve; a family recipe; a gift wrap; a window in the box
- Store in a cool dry place and close well after opening.
- Packed close to the farms that grow for us.
- The short list of ingredients has no word you need to look up.
- One for the kitchen shelf and one for the desk drawer.
- A hit at every office birthday so far.
- We taste each batch before it leaves the kitchen.
- May settle during transport, sold by weight.
- Good to have at home when guests come early.
- Small producers, short ways, honest prices.
- Opens easily and does not make a mess.
- Kids ask for more, and so do grown ups.

== Snacks › Nuts, Chips & Bars
granola bars, snack bars, cereal bars | 15 | flavor.sweet pack | oat, almond, chewy, seed
potato chips, crisps, kettle chips | 14 | flavor.savory size.weight | ridged, kettle, thick cut, baked
mixed nuts, roasted nuts, nut mix | 19 | flavor.savory size.weight | cashew, pecan, deluxe, raw
dried fruit*, fruit snacks, dried mango* | 17 | flavor.fruit size.weight | mango, apricot, cranberry, pineapple
popcorn*, microwave popcorn*, popped corn* | 13 | flavor.savory pack | white cheddar, kernel, heirloom, movie style
crackers, snack crackers, crispbread* | 12 | flavor.savory size.weight | rice, multigrain, seeded, almond flour
beef jerky*, meat snacks, jerky strips | 22 | flavor.savory size.weight | turkey, grass fed, peppered, thin cut
trail mix*, snack mix*, hiking mix* | 18 | flavor.fruit size.weight | tropical, chocolate, omega, power
a: low sodium, high protein, grain free, individually wrapped, ready to eat, trans fat free, low calorie
a: @road trips, @school lunches, +sea salt, +dietary fiber, +whole grains
a[popcorn, chips]: %gmo free corn, @movie nights
a[fruit, bars, trail]: +real fruit
a[bars, nuts, trail]: %whole almonds
a[nuts, fruit, trail]: hand picked
a[crackers, chips, jerky, bars]: oven baked
u: adults and kids, hiking, parties, vending machines, the office
f[chips, nuts, crackers, bars]: a bold crunch
f[popcorn, trail, nuts, bars]: a sweet and salty bite
f[chips, nuts, fruit, trail, popcorn]: small bags
f[popcorn, nuts]: a shaker tub
f[jerky, chips, nuts]: a smoky note
f[nuts, coffee]: a light roast
- Hits the spot at four in the afternoon.
-[chips, popcorn, nuts] Cooked slowly in small kettles and salted by hand.
- Tastes like the real thing, since it is.
-[bars, jerky, trail, nuts] Keeps hikers going to the next hut.
- Empty the bag or share it, we will not tell.
-[chips, popcorn, crackers, nuts] Crisp from the first bite to the last crumb.

== Beverages › Coffee, Tea & Drinks
ground coffee*, coffee beans, coffee grounds | 21 | flavor.coffee size.weight | dark roast, medium roast, decaf
green tea*, matcha*, green tea bags | 17 | flavor.tea pack | sencha, jasmine, matcha, genmaicha
herbal tea*, tisane*, herbal tea bags | 14 | flavor.tea pack | chamomile, rooibos, hibiscus, peppermint
hot chocolate mix*, cocoa mix*, drinking chocolate* | 15 | flavor.sweet size.weight | dark, mint, single serve
sparkling water*, flavored seltzer*, carbonated water* | 18 | flavor.fruit pack | lime, berry, canned, mineral
protein shake, meal replacement drink, nutrition shake | 34 | flavor.sweet pack | whey, pea, collagen, oat
a: fair trade, usda certified, @iced drinks, +quality ingredients
a[coffee]: @cold brew, @single serve machines, shade grown, low acid
a[tea, coffee, water]: caffeine free
a[shake, chocolate]: lactose free, plant based, +vitamin d, creamy
a[water, shake]: +electrolytes, zero sugar, @workout days
a[tea]: +antioxidants, @bedtime
a[coffee, tea]: freeze dried, slow dried
u: mornings, coffee lovers, athletes, work breaks, gifts
f[coffee, tea, chocolate]: a long finish
f[coffee, chocolate, shake]: a soft foam; a measuring scoop
f[coffee]: a one way valve; a slow roast
f[tea]: compostable bags
-[coffee, tea, chocolate] Smells of the first quiet hour of the day.
-[tea, coffee, water] Pour over ice with a slice of lemon in summer.
-[tea] Steep for three minutes, longer if you like it strong.
-[chocolate, coffee] Stir into warm milk or oat drink until smooth.
-[shake] Shake, open and drink on the way to the gym.
-[shake] No chalky taste, no lumps at the bottom.
-[shake, chocolate] Just as good cold from the fridge.
-[water] Clean, cold and with nothing to hide.
-[coffee] Roasted on Monday, on your shelf by Friday.
-[water] Fizzy to the bottom of the can.

== Pantry › Cooking & Baking
olive oil*, cooking oil*, extra virgin oil* | 19 | size.fluid pack | extra virgin, infused, cold extracted, light
basmati rice*, white rice*, long grain rice* | 16 | size.weight pack | aged, brown, jasmine style, parboiled
seasoning blend, spice mix*, spice rub | 11 | flavor.spice size.weight | taco, barbecue, herb, garlic
hot sauce*, chili sauce*, pepper sauce* | 12 | flavor.spice pack | habanero, ghost pepper, smoked, green
peanut butter*, nut butter*, nut spread | 13 | style size.weight | creamy, crunchy, powdered, honey roasted
raw honey*, honey*, wildflower honey* | 17 | style size.weight | clover, orange blossom, manuka style, comb
pancake mix*, waffle mix*, baking mix* | 13 | flavor.sweet size.weight | buttermilk, protein, oat, buckwheat
a: salt free, nut free, low carb, +probiotics
a[oil, honey]: cold pressed, first harvest, unfiltered, @salad dressings
a[sauce, seasoning]: +mild heat, +aged peppers, +pure spices, msg free, @grilling
a[pancake, butter]: stone ground, %stone milled flour
a[pancake, honey]: @weekend breakfasts
a[rice, oil, sauce]: @stir fry
a[butter]: no stir, @toast lovers
a[rice]: fully cooked, fluffy
u: home bakers, grill fans, large families, weeknight meals, bread
f[oil, sauce]: a dark glass bottle
f[sauce, honey]: a squeeze cap
f[seasoning, honey, butter]: a flip lid
f[seasoning]: a shaker top
f[oil]: a grassy taste
f[seasoning, sauce]: a smoky aroma
-[butter] Two ingredients and a pinch of salt.
-[butter, honey] Straight from the spoon, if nobody is looking.
-[butter, pancake] Breakfast is ready before the coffee is.
-[rice] Every grain stays by itself.
-[seasoning, sauce, oil, honey] A spoonful lifts a plain soup.
-[pancake] Whisk with water, wait five minutes and pour.
-[rice] Rinse well and cook with the lid on.
-[oil, honey] Tastes of sun, stone and green leaves.
-[seasoning, sauce, oil] Goes on eggs, beans, pizza and everything else.
-[oil, honey] Clouds and settles by itself, which is as it should be.

== Candy & Sweets
gummy candy*, fruit gummies, gummy bears | 13 | flavor.fruit size.weight | sour, bear, worm, peach ring
dark chocolate*, chocolate bars, cocoa bars | 18 | flavor.sweet pack | seventy percent, almond, sea salt, mint
cookies, biscuits, shortbread cookies | 15 | flavor.sweet pack | butter, oatmeal, ginger, sandwich
lollipops, hard candy*, candy pops | 12 | flavor.fruit pack | swirl, honey, sour, mini
cake sprinkles, cupcake toppers, edible glitter* | 9 | color.home pack | rainbow, pearl, unicorn, star
a: fat free, sugar free, nut safe, old fashioned, @baby showers, @party favors, @candy bowls, +natural colors
a: %pure ingredients
a[sprinkles, cookies]: @birthday cakes, hand decorated
a[chocolate]: bean to bar, high cocoa
a[gummy, lollipops]: gelatin free, +fruit juice
a[cookies, chocolate]: egg free, +real butter
u: valentine's day, kids, weddings, movie nights, stockings
f: a gift tin
f[gummy, lollipops, chocolate]: twist wraps
f[gummy, cookies]: a chewy bite
f[chocolate, sprinkles]: a glossy shell
f[chocolate, cookies]: an audible snap
f[gummy, cookies, chocolate]: a soft center
-[chocolate, lollipops, gummy] Melts slowly and leaves a clean taste.
-[gummy, lollipops, chocolate] Fills a pinata, a jar or a quiet moment.
-[sprinkles] Bakes into batter without bleeding.
-[gummy, lollipops] Sweet first, then a little sour.
- Made on a line that is cleaned every night.

== Pantry › Meals & Soups
instant noodles, ramen noodles, noodle cups | 17 | flavor.savory pack | udon, rice, spicy, pho style
canned soup*, ready soup*, soup cups | 16 | flavor.savory pack | lentil, tomato, chicken, minestrone
penne pasta*, dry pasta*, spaghetti* | 12 | size.weight pack | whole wheat, chickpea, fusilli, egg
a: shelf stable, air dried, low fat, quick cooking, meat free, @camping meals, @busy weeknights, @emergency supply
a[noodles, soup]: +bone broth, +dried vegetables, slow simmered, microwaveable
a[pasta]: %durum semolina, bronze cut, +legume protein
u: students, camping, two people, lunch breaks, quick dinners
f[noodles]: a fold out fork; a spice sachet
f[soup, noodles]: a peel back lid; a rich broth
f[pasta, noodles]: a firm bite
f[pasta]: a rough surface
- Ready in the time it takes to set the table.
-[noodles, soup] Add an egg and greens for a full meal.
-[pasta] Holds sauce in every ridge.
-[noodles, soup] Warms you from the inside on a grey day.
-[pasta, noodles] Boil, drain, stir, eat.
"""
