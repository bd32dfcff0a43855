"""Words of the department "garden" (home and garden): 54 product types in 8 groups; see `departments`."""

from __future__ import annotations

__all__ = ["GARDEN"]

GARDEN = """
root: Home & Garden
adjectives: modern, rustic, large, decorative, cozy, premium, classic, simple, vintage, popular
a: easy to clean, eco friendly, @small apartments, easy care, @housewarming gifts, +neutral look, long lasting
a: lead free, @holiday homes
f: a care card; a cotton bag; a matching box; a thank you card; a hand finished edge; a cotton tag
- The exact measures are in the second picture.
- Arrives well packed, and the box can be recycled.
- Goes with old wood as well as with white walls.
- A calm piece that does not shout for attention.
- Takes daily use without complaint.
- Made in a family workshop that has been going for thirty years.
- Color may look a little different on your screen.
- Friends will ask you where you found it.
- Looks as good in the hall as in the guest room.
- Feels solid when you lift it out of the box.
- Made to be used, not only to be looked at.

== Bedding › Bedroom Linens
duvet cover, quilt cover, comforter cover | 46 | color.home size.bed | waffle, striped, floral, washed, boho
bed sheets, sheet set, fitted sheets | 39 | color.home size.bed | percale, sateen, jersey, flannel
bed pillow, sleeping pillow, pillow insert | 31 | size.bed pack | contour, side sleeper, cooling, buckwheat
throw blanket, fleece blanket, sofa throw | 28 | color.home size.throw | sherpa, knitted, waffle, tasseled
mattress topper, bed topper, mattress pad | 92 | size.bed style | gel, latex, quilted, bamboo
pillowcases, pillow covers, pillow slips | 17 | color.home size.bed | satin, envelope, striped, eyelet
comforter, bed comforter, bedspread | 64 | color.home size.bed | down alternative, reversible, tufted, ruffled
a: machine washable, super soft, fade resistant, breathable, wrinkle free, moisture wicking, pre washed
a: @hot sleepers, @guest rooms, %long staple cotton, %microfiber, oeko certified
a[topper, pillow]: +memory foam, @neck pain
a[sheets, topper]: +deep pockets
a[cover, pillowcases]: +zipper closure
a[duvet]: +corner ties
a[comforter, bed pillow]: +hypoallergenic fill
u: kids and teens, all seasons, cool nights, couples, dorm beds
f: a soft border; double stitched seams; a storage bag; a woven label
f[cover, pillowcases]: a hidden zip
f[sheets, topper]: an elastic edge
-[cover, sheets, blanket, pillowcases, comforter] Gets softer with every wash and does not pill.
-[pillow, comforter, topper] Fill spreads evenly and does not slip to one corner.
-[cover, blanket, comforter, sheets] Warm when it snows and airy in July.
-[cover, sheets, blanket, pillowcases, comforter] Tumble dry on low and fold while still warm.
-[pillow, topper, comforter] Sleep tests with forty people chose this weight.
-[cover, sheets, comforter, pillowcases] Looks made even when you leave in a hurry.

== Furniture › Living Room
sofa, couch, loveseat | 420 | color.home style | sectional, convertible, tufted, modular
coffee table, cocktail table, center table | 148 | color.home size.furniture | lift top, nesting, round, farmhouse
tv stand, media console, tv cabinet | 164 | color.home size.furniture | corner, floating, sliding door, fireplace
bookcase, bookshelf, shelving unit | 108 | color.home style | ladder, five tier, cube, open back
accent chair, armchair, lounge chair | 172 | color.home style | wingback, swivel, barrel, rocking
ottoman, footstool, storage bench | 68 | color.home size.furniture | round, folding, tufted, cube
side table, end table, nightstand | 62 | color.home style | c shaped, drawer, marble top, tray
a: easy assembly, @living room, space saving, heavy duty, fully assembled, mid century, +contemporary style
a: scratch resistant, @office reception, @bedroom corners, +storage space, +metal legs, %solid wood
a[bookcase, stand, table]: +adjustable shelves, anti tip, %engineered wood, +wood finish, @entry halls
a[sofa, chair, ottoman]: %high density foam, button tufted, %velvet, %faux leather, stain resistant
a[sofa]: +cup holders
a[table, desk, cart]: %engineered wood, scratch proof
u: lofts, families, reading corners, small spaces, pets
f: felt pads; tapered legs
f[stand, bookcase]: a soft close door
f[sofa, chair]: a deep seat
f[stand, table, bookcase]: a cable hole; an open shelf
f[sofa, chair, ottoman]: steel springs
-[table, stand, bookcase] Holds books, plants and the odd cat without a wobble.
- Two people need about half an hour to put it together.
-[sofa, chair, ottoman] The seat is firm at first and gives way with time.
-[table, stand, bookcase, chair] Legs can be turned to level an old floor.
-[table, stand, bookcase, ottoman] A place for keys, cups and everything that ends up on the floor.
- Rounded edges for homes where children run.

== Furniture › Office & Dining
office chair, desk chair, task chair | 142 | color.home style | mesh, high back, drafting, executive
writing desk, computer desk, home office desk | 128 | color.home size.furniture | l shaped, standing, corner, folding
bar stool, counter stool, kitchen stool | 96 | color.home size.furniture | swivel, backless, saddle, industrial
dining table, kitchen table, dinette table | 232 | color.home style | extendable, round, trestle, drop leaf
dining chairs, kitchen chairs, side chairs | 154 | color.home pack | upholstered, windsor, stacking, cane back
kitchen cart, serving cart, kitchen island | 112 | color.home style | rolling, butcher block, three tier
a: easy assembly, @dining room, space saving, heavy duty, weight tested, ergonomic, commercial grade, @home offices
a: @breakfast nooks, +steel frame, %rubber wood
a[office chair]: +lumbar support, +flip up arms, tilt lockable, @long hours
a[stool, office chair]: +foot rest
a[cart, office chair]: +smooth casters, easy to move
a[table, desk, cart]: +water proof top, scratch proof
a[chairs, stool]: stackable, +padded seat, %bent plywood
a[office chair, desk, stool]: height adjustable
u: two to four people, kitchens, gamers, studios, patios
f: felt pads
f[desk, table, chair, stool, cart]: a tool kit
f[desk, cart, table]: a drawer
f[cart]: a towel rail; a wire basket
f[table, chair, stool, desk]: floor glides
f[chair]: a wide back
-[chair, stool] Sit for eight hours and stand up without a groan.
-[cart, office chair] Rolls over carpet and tile and locks where you want it.
-[desk, table, cart] The top takes hot cups and cold elbows.
- Tighten the screws again after two weeks.
-[stool, chairs, cart] Tucks under the counter when not in use.
- Tested with three hundred pounds for two days.

== Home Decor › Rugs, Windows & Walls
area rug, floor rug, living room carpet | 88 | color.home size.rug | shag, persian style, jute, abstract, braided
wall art, canvas print, wall picture | 42 | size.art style | botanical, abstract, city, ocean, animal
throw pillow covers, cushion covers, decorative pillowcases | 19 | color.home size.cushion | linen, corduroy, boho
window curtains, drapes, curtain panels | 36 | color.home size.curtain | grommet, sheer, pleated, tab top
wall clock, hanging clock, silent clock | 29 | color.home size.furniture | roman numeral, sunburst, farmhouse, frameless
picture frame, photo frame, poster frame | 21 | color.home size.art | float, collage, gallery, shadow box
flower vase, decorative vase, bud vase | 26 | color.home style | ceramic, ribbed, donut, tall
scented candles, jar candles, candle set | 23 | scent pack | soy, wooden wick, pillar, tealight
a: @living room, @dining room, @bedroom walls, @entryways, @nursery rooms, @home decoration
a[curtains]: +rod pocket, light blocking, thermal insulated
a[clock]: non ticking, +large numerals
a[candles]: %soy wax, dye free, +cotton wicks, @quiet evenings, slow burning
a[frame, clock]: +glass front
a[rug]: +non slip backing, non shedding, %natural jute
a[pillow]: double sided printing
a[art, frame, clock]: +hanging hooks, ready to hang
a[rug, pillow]: stain repellent
a[curtains, pillow, rug]: %polyester fabric
a[art, vase]: hand painted, @office shelves
u: kitchens, bedrooms, offices, weddings, high ceilings
f[rug, pillow, curtains, vase]: a printed pattern
f[rug, pillow, curtains]: a fringed edge
f[curtains]: brass rings; a weighted hem
f[art, clock, frame]: a sawtooth hook
f[candles, vase, frame]: a tinted glass
- Brings a dull corner to life in a minute.
-[art, clock, frame] Hang alone or as a pair over the bed.
-[vase, candles] Looks lovely on a shelf and better on a set table.
-[vase] Holds one branch or a whole bunch.
-[candles] Burns evenly, from the edge to the last drop.
-[clock] Easy to read from across the room.
-[rug] Muffles steps and keeps feet warm in winter.
-[art, rug, pillow, curtains] Printed with inks that do not bleach in the sun.
-[curtains, pillow, rug] Hems are straight and stitched twice.
-[rug, curtains, pillow] Shake out, lay flat and let it rest for a day.

== Lighting & Ceiling Fans
table lamp, bedside lamp, desk lamp | 42 | color.home style | touch, ceramic, banker, tripod
floor lamp, standing lamp, reading lamp | 76 | color.home style | arc, torchiere, shelf, tree
pendant light, hanging light, ceiling pendant | 68 | color.home pack | glass globe, rattan, industrial, farmhouse
string lights, fairy lights, patio lights | 24 | color.light size.cable | globe, copper wire, curtain, icicle
led strip lights, light strip, tape lights | 21 | color.light size.cable | rgb, neon, cabinet, music
night light, plug in light, baby night lamp | 15 | color.light pack | sensor, projector, moon, animal
wall sconce, wall lamp, wall light | 52 | color.home pack | swing arm, vanity, candle, battery
a: @living room, @dining room, easy to install, dimmable, %brushed nickel, remote controlled, energy efficient
a: battery powered, color changing, hard wired, ul listed, @reading, @kids rooms, +usb charging port, +motion sensor
a: +bronze finish
a[lamp, pendant, sconce]: +glass shade, +linen shade, %wrought iron
a[table lamp, floor lamp]: +pull chain
a[pendant, string, strip]: @ceiling beams
a[sconce, strip]: @bathroom vanity
u: bedrooms, hallways, kitchens, porches, parties
f[lamp, string, strip]: an in line switch
f[lamp, pendant, sconce]: a bulb in the box
f[table lamp, floor lamp]: a round base
f[lamp, pendant]: a fabric cord
f[string, strip, night]: a timer key
f[pendant, sconce]: a mounting plate
- Warm light that does not hurt tired eyes.
-[lights] Drape around a mirror, a tree or a tent.
-[night] Just bright enough to find the way to the bathroom.
-[table lamp, floor lamp, pendant, sconce] Takes standard bulbs from any corner store.
-[lamp, strip, sconce] Turn the dial from bright to a glow.
-[table lamp, floor lamp, string, strip] The cord is long enough for the far socket.
-[lamp, pendant, sconce, night] Casts a soft shadow on the ceiling.
-[pendant, sconce] Switch off at the wall before you change the bulb.

== Kitchen & Dining › Cookware & Storage
water bottle, drinking bottle, insulated bottle | 22 | color.wear size.bottle | straw lid, glass, sport, wide mouth
food storage containers, meal prep containers, lunch boxes | 27 | color.home pack | glass, bento, stackable, collapsible
cutting board, chopping board, serving board | 26 | size.letter material.home | acacia, end grain, reversible
coffee mug, tea cup, ceramic mug | 16 | color.home size.bottle | camping, double wall, funny, handmade
frying pan, skillet, saute pan | 37 | color.home size.inch | granite coated, cast, induction, copper look
knife set, kitchen knives, chef knife set | 54 | color.home style | steak, santoku, block, paring
tea kettle, stovetop kettle, gooseneck kettle | 41 | color.home style | whistling, enamel, glass, electric
a: dishwasher safe, %bpa free plastic
a[pan, kettle]: non stick, oven safe, @gas stoves, +cool grip handle
a[bottle, mug, containers]: leak proof, vacuum insulated
a[board]: +juice groove, %bamboo wood, knife friendly, @carving meat
a[containers, mug]: microwave safe, freezer safe
a[containers]: +airtight lids, @meal prep
a[bottle, containers, kettle]: +measuring marks
a[knife, board]: @salad lovers, +non slip feet
a[bottle, pan, knife, kettle]: %stainless steel
a[bottle, mug, kettle]: @hot drinks
a[containers, kettle, mug]: %borosilicate glass
a[knife]: sharp edged, +wooden block, @steak nights, rust free
u: home cooks, school lunches, camping, coffee drinkers, chefs
f[bottle, containers]: a silicone ring
f[board, pan]: a hanging hole
f[bottle, containers, mug]: a spare lid
f[kettle]: a fine mesh
f[bottle, kettle, containers]: an engraved scale
f[knife]: a knife guard
-[pan] Heats evenly and lets go of eggs with a shake.
-[containers] Stacks in the fridge like bricks in a wall.
-[bottle, mug] Cold for a day, hot for half a day.
- Hand wash the first time, with a drop of mild soap.
-[bottle, mug, kettle] The rim is smooth and does not drip.
- Takes up less room than it looks.

== Storage, Laundry & Bath
storage bins, storage boxes, closet organizers | 29 | color.home pack | fabric, lidded, wicker, under bed
shoe rack, shoe organizer, shoe shelf | 34 | color.home style | stacking, bench, over door, cabinet
laundry hamper, laundry basket, clothes hamper | 31 | color.home size.letter | rolling, two section, wicker, collapsible
shower curtain, bath curtain, fabric shower curtain | 22 | color.home size.throw | waffle, marble, floral, ombre
bath mat, bathroom rug, shower mat | 21 | color.home size.mat | chenille, memory, bamboo, pebble
bath towels, towel set, hand towels | 28 | color.home pack | turkish, waffle, quick dry, ribbed
a: space saving, heavy duty, machine washable, mildew resistant, quick drying, odor resistant, rust proof
a: @dorm rooms
a[curtain]: +metal grommets, +weighted bottom
a[towels, mat]: highly absorbent, lint free, %combed cotton
a[mat]: @bathroom floors, %chenille
a[bins, hamper, rack]: foldable, collapsible, %breathable mesh
a[bins, hamper, rack]: +sturdy handles, +clear window, @toy storage, @closet shelves
u: families, laundry days, hotels, kids rooms, narrow halls
f[bins, hamper]: a label holder
f[shower curtain]: twelve rings
f[hamper, bins]: a removable liner; a mesh side
f[towels, mat]: a loop for hanging
f[hamper, rack]: side pockets
-[bins, rack, hamper] Folds flat and slides behind the door.
-[curtain, mat, towels] Dries between the first and the second shower.
-[hamper, bins] Carries a week of washing up two flights of stairs.
-[rack, mat, hamper] Stays where it is when small feet come running.
-[bins, rack] Clears the floor and doubles as a seat.
-[curtain, mat, towels] Rinse, hang up, done.

== Patio, Lawn & Garden
planter, plant pot, flower pot | 31 | color.home size.inch | self watering, hanging, ceramic, raised
patio umbrella, market umbrella, sun umbrella | 74 | color.home size.patio | tilting, cantilever, beach, solar
garden hose, expandable hose, water hose | 38 | size.cable color.home | flat, soaker, coiled, hybrid
outdoor cushions, patio cushions, seat pads | 48 | color.home size.cushion | tufted, bench, round, tie on
bird feeder, hanging feeder, wild bird feeder | 27 | color.home style | window, squirrel proof, tube, copper
solar lights, garden lights, pathway lights | 33 | color.light pack | flower, stake, lantern, spot
a: heavy duty, easy to install, weather proof, uv protected, rust resistant, @vegetable beds, @balconies
a: @front porch
a[feeder]: squirrel proof, easy to fill, +large perch
a[hose]: kink free, +brass fittings, +spray nozzle, quick connecting
a[umbrella]: +crank handle, +wind vent
a[planter]: +drainage holes, @succulents, frost resistant, %terracotta
a[cushions]: hand woven, +thick filling
a[lights, umbrella]: solar powered
a[umbrella, feeder]: %powder coated steel
u: patios, herb gardens, pool sides, terraces, bird lovers
f[lights, planter]: a ground spike
f[planter]: a saucer
f[umbrella]: a vent at the top
f[feeder, lights, planter]: a steel hook
f[hose]: a shutoff valve
f[umbrella, cushions]: a cover bag
-[planter, umbrella, cushions, feeder, lights] Stands rain, sun and the neighbor's football.
-[lights] Push into the ground and wait for dusk.
-[hose] Follows you round the corner without a fight.
-[hose] Drains fast and hangs on one hook.
-[planter] Roots get air and water runs off.
-[feeder] Brings finches to the window within a week.
- Store dry in winter and it will last for years.
-[planter, umbrella, cushions] Light enough to move when the sun moves.
"""
