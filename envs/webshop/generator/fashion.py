"""Words of the department "fashion": 50 product types in 8 groups; `departments` explains the notation."""

from __future__ import annotations

__all__ = ["FASHION"]

FASHION = """
root: Clothing, Shoes & Jewelry
adjectives: casual, classic, soft, trendy, elegant, comfortable, stylish, vintage, popular, light
a: @daily wear, @special occasions, easy care, @everyday comfort, +quality stitching, true to size, @travel days
a: fade resistant, small batch made
f: a woven label; a gift box; tidy seams; a soft inner side; a dust bag; a reusable pouch
- Please look at the measures in the pictures before you order.
- Goes from the desk to dinner without a change.
- Looks better with every season you own it.
- Feels like something you have owned for years.
- Made by people who wear what they make.
- If it is not for you, send it back within thirty days.
- Pack it for a weekend, it takes next to no room.
- A color that suits most people and most shoes.
- Soft from the first day, with no time to break in.
- Goes well with what is in your closet already.
- Ask for another size if you are in between.

== Women › Clothing › Tops & Dresses
women's blouse, women's shirt, ladies blouse | 29 | color.wear size.wear | chiffon, wrap, ruffled, peasant, striped
women's t shirt, women's tee, graphic tee for women | 18 | color.wear size.wear | v neck, graphic, cropped, oversized
women's summer dress, women's sundress, women's midi dress | 36 | color.wear size.wear | floral, tiered, wrap, smocked
women's cardigan, women's open front sweater, women's knit jacket | 34 | color.wear size.wear | chunky, cable knit
women's tunic, women's tunic top, women's long top | 25 | color.wear size.wear | henley, pleated, paisley, swing
maxi skirt, women's long skirt, women's skirt | 28 | color.wear size.wear | pleated, tiered, denim, satin
women's blazer, women's suit jacket, women's business jacket | 49 | color.wear size.wear | plaid, cropped
a: machine wash, hand wash, +imported fabric, loose fit, slim fit, flowy, @office wear, @wedding guests
a: @beach vacations, %cotton blend, %chiffon fabric, %rayon spandex
a[blouse, t shirt, dress, cardigan, tunic]: short sleeve, long sleeve, off shoulder, +bell sleeve, high neck
a[blouse, t shirt, dress, cardigan, tunic]: button down, +v neckline
a[dress, blazer, skirt]: fully lined, +side pockets, +ruffle hem
u: work, juniors, summer, fall and winter, parties
f[blouse, dress, tunic, cardigan]: a tie waist
f[blouse, dress, tunic]: a keyhole back
f[blouse, dress, skirt, tunic]: a scalloped hem
f[blouse, dress, blazer]: puffed shoulders
f[dress, skirt]: a covered zip
f[blouse, cardigan, blazer]: pearl buttons
- Wash cold, dry in the shade and iron on low.
- Drapes well and does not cling on a hot day.
-[blouse, shirt, tunic] Tuck in for a meeting and let hang for the weekend.
-[dress, tunic, skirt] The hem moves when you do.
-[blouse, shirt, cardigan, tunic, blazer] Wear with jeans, boots and a big scarf.
- Covers what you want covered, shows what you want shown.
-[dress, skirt, cardigan, blazer] Has a hidden pocket for a key and a card.

== Women › Clothing › Active & Bottoms
women's leggings, workout leggings, athletic tights | 24 | color.wear size.wear | ribbed, crossover, fleece lined
women's jeans, skinny jeans for women*, denim pants for women* | 42 | color.wear size.wear | bootcut, mom, ripped
women's shorts, bermuda shorts, ladies shorts | 23 | color.wear size.wear | denim, biker, linen, paper bag
sports bra, workout bra, yoga bra | 21 | color.wear size.wear | racerback, longline, zip front, strappy
women's swimsuit, bathing suit, one piece swimsuit | 33 | color.wear size.wear | ruched, halter, two tone, skirted
yoga pants, women's lounge pants, wide leg yoga pants | 27 | color.wear size.wear | flared, bootleg, pleated, harem
a: machine wash, hand wash, +imported fabric, high waist, tummy control, +four way stretch, quick drying
a: +drawstring closure, +elastic waistband, +mesh panels, %nylon spandex
a[leggings, pants, jeans, shorts]: wide leg, squat proof, butt lifting
a[bra, swimsuit]: +removable padding, +cross back
a[swimsuit]: @pool parties
a[jeans, shorts]: %stretch denim
a[leggings, shorts, pants, bra]: @yoga classes, @gym workouts, +phone pocket
u: weekends, juniors, moms, holidays, slow mornings
f: flat seams; a wide band; contrast piping
f[leggings, shorts, pants]: a hidden key pocket
f[bra, swimsuit]: a laced back
f[leggings, pants]: a gusset
- Bends, stretches and comes back into shape.
-[leggings, shorts, pants, jeans] Stays up through squats and sprints.
-[leggings, bra, pants, shorts] Sweat dries before you reach the car.
-[leggings, jeans, pants] Dark enough for the office on a lazy Friday.
- Holds firm without marks on the skin.
-[swimsuit] Rinse in fresh water after the sea.

== Men › Clothing › Shirts & Jackets
men's t shirt, men's tee, graphic tee for men | 19 | color.wear size.wear | graphic, henley, pocket, muscle
men's polo shirt, golf shirt for men, men's polo | 27 | color.wear size.wear | pique, striped, zip neck, golf
men's dress shirt, men's button up shirt, men's formal shirt | 32 | color.wear size.wear | oxford, checkered
men's hoodie, men's hooded sweatshirt, men's pullover | 36 | color.wear size.wear | zip up, fleece, heavyweight, waffle
men's sweater, men's jumper, knit pullover for men | 39 | color.wear size.wear | crew neck, quarter zip, cable, ribbed
men's jacket, men's coat, men's windbreaker | 62 | color.wear size.wear | bomber, field, puffer, trucker
men's suit vest, men's waistcoat, formal vest for men | 34 | color.wear size.wear | herringbone, plaid, paisley, tweed
a: machine wash, hand wash, tag free, regular fit, classic fit, +moisture wicking fabric, +button closure
a: relaxed fit, +tall sizes, +chest pocket, +stretch fabric, +ribbed cuffs, %pure cotton, %polyester spandex
a[polo, dress shirt]: +contrast collar, @golf days
a[hoodie, jacket, sweater]: +fleece lining, wind proof, @cold weather
a[sweater, vest]: %merino wool
a[dress shirt, vest, polo]: @business meetings, wrinkle resistant
u: work and weekend, big and tall men, fall, weddings, sports
f: a hanger loop
f[shirt, jacket, vest]: a button flap
f[shirt]: a double yoke
f[jacket]: a storm flap
f[hoodie, jacket]: a two way zip
f[shirt, hoodie, sweater, jacket, polo]: a locker tab
- Wash inside out with like colors.
- Sits square on the shoulders and does not ride up.
-[hoodie, sweater, jacket] Warm enough for autumn with a shirt below.
-[hoodie, jacket, vest, dress shirt] Wear open over a tee or closed with a tie.
-[polo, dress shirt, jacket] The collar keeps its shape without a pin.
- Comes out of the suitcase ready to wear.
-[shirt, hoodie, sweater, jacket] Roomy at the arms, neat at the waist.

== Men › Clothing › Pants & Swim
men's jeans, denim pants for men*, men's denim* | 44 | color.wear size.waist | relaxed, tapered, distressed, carpenter
men's cargo shorts, men's shorts, work shorts for men* | 29 | color.wear size.waist | ripstop, camo, pleated, hiking
men's chinos, men's dress pants, men's khakis | 38 | color.wear size.waist | flat front, cropped, pleated, golf
men's joggers, men's sweatpants, men's track pants | 31 | color.wear size.wear | tapered, fleece, tricot, cargo
men's swim trunks, men's board shorts, men's bathing suit | 26 | color.wear size.wear | tropical, striped, volley, solid
a: machine wash, +imported fabric, easy to iron, straight leg, +elastic waist, +drawstring waist, water repellent
a: +stain resistant finish, slim tapered, low rise, @outdoor work, @gym sessions, +zipper pockets, %ripstop cotton
a: %stretch twill
a[swim, shorts]: @beach days, +mesh lining
a[jeans, chinos, shorts]: +belt loops, +button fly, +knee patches
u: work, summer, fishing, gym and home, school
f: bar tacks; a key ring loop
f[jeans, shorts, chinos, joggers]: deep pockets
f[jeans, chinos]: a coin pocket
f[swim, joggers]: a gripper band
f[jeans, shorts, chinos]: a zip fly
-[jeans, shorts, chinos] Kneel, climb and carry, the seams will hold.
-[jeans, shorts, chinos, joggers] Pockets deep enough for a phone that stays in.
- Sits at the waist and falls straight to the shoe.
-[swim, shorts] Dry by the time you have finished your drink.
- Looks right with boots and with clean trainers.

== Shoes › Men & Women
women's sandals, wedge sandals, women's flip flops | 34 | color.wear size.shoe | wedge, gladiator, espadrille, slide
women's sneakers, women's walking shoes, women's tennis shoes | 46 | color.wear size.shoe | knit, platform, slip on
women's ankle boots, women's booties, women's short boots | 58 | color.wear size.shoe | chelsea, lace up, western
women's pumps, high heels, women's dress shoes | 44 | color.wear size.shoe | pointed, kitten heel, slingback, stiletto
men's sneakers, men's running shoes, men's trainers | 54 | color.wear size.shoemen | trail, knit, retro, lightweight
men's loafers, men's slip on shoes, men's moccasins | 48 | color.wear size.shoemen | penny, driving, tassel, boat
men's hiking boots, men's trekking shoes, men's outdoor boots | 76 | color.wear size.shoemen | mid, winter, desert
house slippers, indoor slippers, bedroom shoes | 23 | color.wear size.shoe | clog, moccasin, fuzzy, open toe
a: non slip sole, slip resistant, water proof, arch supporting, @plantar fasciitis, @wide feet, +rubber sole
a: +memory foam insole, +leather sole, +synthetic sole, %ethylene vinyl, %full grain leather
a[boots]: +steel toe, @winter snow, ankle high, %genuine suede
a[slippers]: @indoor use
a[sandals, pumps, slippers]: open toe
a[sandals, pumps]: +ankle strap
a[sneakers, boots]: lace up
a[loafers, slippers, sneakers]: slip on
u: nurses, walking, weddings, trails, the office
f[sneakers, boots]: a padded collar
f[boots, sneakers, loafers]: a pull tab
f[sandals, slippers]: a cork bed
f[pumps, loafers, sneakers, boots, slippers]: a cushioned heel
f[sneakers, hiking]: spare laces
f[ankle]: a side zip
- Half a size up is best for broad feet.
-[sneakers, boots, loafers] Walk ten miles on the first day without a blister.
-[sandals, sneakers, boots, slippers] Grips wet tile and loose gravel alike.
-[pumps, sandals, ankle] The heel is high enough to notice and low enough to dance.
-[boots, sneakers] Let muddy soles dry and brush them off.
- Lined so that bare feet feel at home.

== Sleep & Underwear
pajama set, women's sleepwear, two piece pajamas | 32 | color.wear size.wear | satin, flannel, short, matching family
bathrobe, terry robe, dressing gown | 38 | color.wear size.wear | kimono, hooded, plush, waffle
women's nightgown, sleep dress, nightshirt | 24 | color.wear size.wear | lace, sleeveless, henley, cotton
men's boxer briefs, men's underwear, men's trunks | 26 | color.wear size.wear | long leg, modal, sport, low rise
crew socks, ankle socks, cotton socks | 16 | color.wear pack | compression, wool, no show, fun
wireless bra, t shirt bra, women's bralette | 25 | color.wear size.bra | lace, plunge, front close, full cup
a: machine wash, hand wash, tagless, low cut, soft and stretchy, seamless, gentle on skin, @sleeping
a: @bridal parties, %modal fabric, %organic cotton, %silky satin
a[socks]: low cut, anti odor, +cushioned sole, @hiking boots
a[boxer]: +contoured pouch
a[bra, nightgown]: +adjustable straps, @nursing mothers, lace trim, unlined
a[robe, pajama]: +waist tie
u: teens, hospital stays, gifts, hot nights, sports
f: contrast edges
f[pajama, briefs]: a soft waistband
f[socks]: a reinforced toe
f[bra, nightgown, pajama]: a satin bow
f[robe, pajama]: two front pockets
f[pajama, robe, socks]: a roll cuff
- So soft that you will not want to get dressed.
- Keeps its shape and its place all day.
- Cool on the skin in a warm room.
- No label to scratch your neck.
-[socks, briefs, pajama] Order two sets, the second will be stolen.

== Accessories › Hats, Scarves & Belts
sun hat, bucket hat, beach hat | 22 | color.wear size.letter | straw, floppy, fishing, foldable
winter beanie, knit hat, skull cap | 16 | color.wear style | pom, slouchy, cuffed, ribbed
winter scarf, shawl, wrap scarf | 19 | color.wear style | plaid, infinity, fringed, silky
leather belt, dress belt, jeans belt | 24 | color.wear size.waist | ratchet, braided, reversible, western
winter gloves, touchscreen gloves, mittens | 21 | color.wear size.wear | knit, ski, fingerless, driving
sunglasses, polarized sunglasses, shades | 24 | color.lens style | aviator, round, cat eye, sport
a: one size, @driving
a[sunglasses]: +polarized lenses, scratch proof, shatter proof, +mirror coating, @night driving
a[hat]: +wide brim, +chin strap, packable, %paper straw
a[gloves]: touch screen friendly, @cold hands
a[belt]: +metal buckle, quick ratcheting, %top grain leather, @formal suits, easy to shorten, holeless
a[beanie, scarf, gloves]: %acrylic knit, wind resistant, double layered, itch free, +fleece inside
a[hat, sunglasses]: @sun protection, uv blocking
u: men and women, ski trips, beach days, hiking, gifts
f[hat, beanie, gloves]: a soft lining
f[belt]: a spare clip
f[sunglasses]: a hard case
f[hat, scarf]: a fold line
f[sun hat]: a snap brim
f[gloves]: a thumb slit
-[sunglasses] Light on the nose and out of the way on the head.
-[sunglasses] Takes the glare off water, snow and the road.
-[sunglasses, belt] Comes in a case you will want to keep.
-[belt, gloves] Gets darker and nicer with wear.
-[belt] Looks right with jeans and with a suit.
-[hat, beanie, scarf] Rolls up in a coat pocket and springs back.
-[hat] Keeps the sun out of your eyes and off your neck.
-[gloves] Answer your phone without taking them off.
-[belt] Cut it to length with kitchen scissors.
-[scarf, beanie, gloves, hat] Makes a plain coat look like a plan.
-[beanie] Warm ears, no itch.

== Jewelry & Bags
pendant necklace, chain necklace, layered necklace | 26 | color.metal size.chain | initial, heart, locket, birthstone
hoop earrings, stud earrings, drop earrings | 19 | color.metal pack | tassel, pearl, twisted, huggie
tote bag, shoulder bag, handbag | 38 | color.wear size.letter | canvas, woven, quilted, work
backpack, daypack, school backpack | 42 | color.wear size.letter | rolltop, laptop, mini, drawstring
crossbody bag, messenger purse, sling bag | 29 | color.wear style | camera, phone, saddle, hobo
a: hand made, @teen girls, @mother's day
a[necklace, earrings]: nickel free, tarnish resistant, %hypoallergenic metal, +gold plating, %sterling silver
a[necklace, earrings]: non fading
a[earrings]: @sensitive ears
a[bag, backpack]: +laptop compartment, anti theft, carry on friendly, +hidden pocket, +adjustable strap
a[bag, backpack]: %vegan leather, %waxed canvas, roomy, +water resistant fabric, @college students
u: women, school, work, anniversaries, airports
f[necklace]: a lobster clasp
f[bag, necklace]: a tassel
f[bag]: a magnetic snap
f[backpack, tote]: a bottle pocket
f[necklace, earrings]: a jewelry card
f[bag, backpack]: an inner divider
- Small enough for every day, bright enough for the night.
-[tote, backpack] Swallows a laptop, a lunch and a pair of shoes.
-[necklace, earrings] Take off before you swim and store dry.
-[bag, backpack] Straps lie flat and do not cut in.
-[necklace, earrings] Comes on a card that is ready to give.
- Matches what you wear already.
"""
