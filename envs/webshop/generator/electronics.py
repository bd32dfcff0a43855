"""Words of the department "electronics": 57 product types in 9 groups; `departments` explains the notation."""

from __future__ import annotations

__all__ = ["ELECTRONICS"]

ELECTRONICS = """
root: Electronics
adjectives: portable, compact, slim, universal, upgraded, smart, mini, professional, latest, popular
a: easy to use, high performance, easy to install, +quick setup, +carrying case, +one year warranty, @home office
a: high speed, energy saving, +compact size, +clear manual
f: a printed quick guide; a storage pouch; a warranty card
f: a soft touch finish; a sturdy box; a spare part list; a gift ready box
- Ready to go in five minutes with the printed guide, no account needed.
- Still as good as new after a year, as our bench tests showed.
- Write to our support team and a person will answer.
- Check the list of matching models before you order.
- Built to stand daily use on a desk, in a bag and on the road.
- Every unit is tested by hand before it is packed.
- Plain on the outside, clever on the inside.
- The manual is kept up to date on our pages.
- One less thing to worry about on a busy day.
- Comes in a plain box that opens without scissors.
- You will find a use for it every week.

== Headphones & Audio › Portable Audio
wireless earbuds, bluetooth earbuds, in ear headphones | 42 | color.gadget style | sport, bass, mini, ear hook
over ear headphones, wireless headphones, headset | 58 | color.gadget style | foldable, studio, kids, gaming
bluetooth speaker, wireless speaker, portable speaker | 47 | color.gadget style | outdoor, mini, party, shower
soundbar, tv sound bar, speaker bar | 118 | color.gadget size.inch | two channel, subwoofer, compact
usb microphone, condenser microphone, podcast microphone | 56 | color.gadget style | cardioid, lavalier, boom arm
fm radio, portable radio, emergency radio | 34 | color.gadget style | weather, hand crank, shortwave, alarm
record player, turntable, vinyl player | 96 | color.home style | suitcase, belt drive, wooden
a: hands free, hi fi, low latency, +long battery life, voice controlled, @phone calls, @small rooms, +touch control
a[earbuds, headphones]: +memory foam tips, +charging case, sweat proof, noise cancelling, @running and gym
a[speaker, soundbar, headphones, earbuds]: +stereo sound, +deep bass, bass boosted
a[microphone, radio, player]: plug and play, +volume dial, +metal body, @live recordings, +long antenna
u: gym and commute, music lovers, kids and adults, podcasts, backyard parties
f[microphone, headphones, speaker, soundbar]: a braided cord
f[earbuds]: three tip sizes
f[headphones, microphone, earbuds]: a microphone mute key
f[headphones]: a folding band
f[speaker, soundbar, radio, player]: an aux port
f[radio, speaker, earbuds]: a wrist strap
-[earbuds, headphones, speaker, soundbar] Pairs with your phone the second time without a single tap.
-[earbuds, headphones, speaker] Clear voices in a noisy train and warm bass at home.
-[earbuds, headphones, speaker, radio] Plays from breakfast to midnight on a single charge.
-[speaker, soundbar, radio, player] Put it on the shelf and forget about the wires.
-[headphones] The band adjusts to small and large heads and does not pinch.
- Turn the volume up, it does not rattle.

== Cell Phones › Phone Accessories
phone case, phone cover, protective case | 16 | color.gadget material.case | clear, wallet, rugged, liquid silicone
screen protector, glass protector, screen film | 12 | pack style | tempered, privacy, matte, full cover
phone charger, wall charger, fast charger | 19 | color.gadget pack | dual port, folding plug, travel, gallium
power bank, portable charger, battery pack | 34 | color.gadget style | slim, solar, magnetic, mini
car phone mount, phone holder, dashboard mount | 21 | color.gadget style | magnetic, vent, suction, cup holder
selfie stick, phone tripod stick, extendable stick | 22 | color.gadget style | tripod, mini, lighted
a[case, protector]: drop proof, case friendly, scratch resistant, shock absorbing, +raised edges, anti fingerprint
a[protector]: %tempered glass, bubble free
a[case]: %soft silicone, +card slots, +magnetic closure
a[charger, bank]: fast charging, overheat protected, wireless charging, pocket sized, +two ports, @long trips
a[stick, mount]: +remote shutter, one hand use, @video calls, @car dashboards, +rubber grip, fully rotating
a[stick, mount]: @big phones
a[charger, bank]: airline approved, +led indicator, low heat
u: drivers, travel, students, work calls, hikers
f[case]: a lanyard hole; a kickstand
f[case, protector]: a cleaning kit
f[protector]: an align frame
f[charger, bank]: two cables
f[mount]: a felt pad
-[mount, stick, bank] Holds tight on bumpy roads and lets go with one hand.
-[mount] Turns upright or flat with two fingers.
-[stick] Opens, clicks and is ready before the moment is over.
-[case, protector] Cut outs line up with every port and key.
-[protector] No bubbles, no dust, done in two minutes.
-[case, protector, bank, charger] Thin enough for a trouser pocket.
-[charger, bank] Charges a flat phone to half in about thirty minutes.
-[case, stick] Buttons stay crisp and simple to press.

== Computers › Accessories & Peripherals
laptop sleeve, laptop case, notebook bag | 23 | color.wear size.screen | felt, quilted, hard shell, canvas
laptop stand, notebook riser, computer stand | 32 | color.gadget style | folding, vertical, swivel, bamboo
wireless mouse, computer mouse, cordless mouse | 21 | color.gadget style | vertical, silent, trackball, slim
keyboard, computer keyboard, wireless keyboard | 44 | color.gadget style | mechanical, folding, ten key less
usb hub, usb splitter, docking station | 33 | color.gadget style | seven port, powered, card reader, mini
external hard drive, portable hard drive, backup drive | 74 | color.gadget size.memory | rugged, desktop, pocket
webcam, web camera, computer camera | 38 | color.gadget style | full hd, ring light, wide angle
computer monitor, desktop display, led monitor | 186 | size.screen style | curved, portable, frameless
mouse pad, desk mat, gaming mat | 14 | color.wear size.letter | wrist rest, extended, cork, leather
a: ultra thin, non slip, height adjustable, @remote work, @gaming setups, @small desks, @online classes
a[keyboard]: quiet typing, +backlit keys, hot swappable
a[stand]: +cooling vents
a[pad, mouse]: +wrist support
a[webcam]: +privacy cover, +built in microphone
a[hub, drive, monitor, keyboard, webcam]: +usb port, plug and play
a[keyboard, pad, sleeve]: spill proof, water resistant
a[stand, hub, keyboard]: %aluminum alloy
u: office and home, gamers, students, left and right hand, coders
f[stand, hub, keyboard, pad]: a rubber base
f[mouse, keyboard]: a spare receiver
f[stand, monitor, hub]: a cable channel
f[sleeve]: an inner pocket
f[keyboard, drive, webcam]: a dust brush
f[stand, monitor, webcam]: a tilt joint
-[sleeve] Snug on all sides, with a zip that does not scratch.
-[sleeve, pad] Takes knocks and coffee without a mark.
-[stand, monitor] Lifts the screen to eye level and the neck says thank you.
-[mouse, keyboard, hub, drive, webcam, monitor] Plugs in on any system, no driver and no disc.
-[stand, hub, monitor, pad, keyboard] Keeps the desk tidy, with a groove for the cord.
-[mouse, keyboard] Quiet enough for a shared room late at night.
-[sleeve, mouse, hub, drive, webcam, stand] Fits next to the charger in a normal backpack.
-[drive, hub] Copies a holiday full of pictures while you make coffee.

== Television & Video › Home Theater
tv wall mount, tv bracket, television mount | 46 | size.screen style | full motion, tilting, corner, fixed
tv antenna, digital antenna, hdtv antenna | 29 | color.gadget style | indoor, outdoor, flat, amplified
remote control, replacement remote, tv remote | 13 | pack style | learning, voice, big button
hdmi cable, video cable, display cable | 15 | size.cable pack | braided, right angle, flat, active
projector, video projector, movie projector | 138 | color.gadget style | mini, short throw, outdoor, smart
projector screen, projection screen, movie screen | 74 | size.screen style | motorized, tripod, inflatable, folding
media player, streaming box, tv box | 57 | color.gadget size.memory | smart, hdmi, portable
a: ultra hd, weather resistant, +wide viewing angle, @home theater, @large screens
a[cable]: gold plated, %braided nylon, @long rooms
a[mount, screen]: wall mounted, tool free, @corner walls
a[player, projector]: dual band, +quad core processor
a[antenna]: +signal booster, @rural areas
a[remote]: +batteries included, no programming needed, +large buttons
a[projector, screen]: @outdoor movies, +built in speaker
a[antenna, remote, mount, player]: @old televisions
u: bedrooms, movie nights, classrooms, business talks, camping
f[mount, screen]: a level tool; a wall anchor set
f[antenna]: a coax cable
f[projector]: a lens cap
f[projector, screen]: a carry bag
f[remote]: a backlit keypad
-[cable, antenna, projector, player] The picture is sharp from edge to edge, with the lamp on or off.
-[mount, screen] Hang it once, check with the level and it stays straight.
-[antenna] Finds local channels in one scan.
-[remote, cable, player, antenna] Works out of the box, just put in the power and sit down.
-[projector] Turns a white wall into a cinema for the whole street.
- Rated for thousands of hours in dry rooms.

== Camera & Photo › Equipment
camera tripod, travel tripod, photo tripod | 49 | color.gadget style | carbon, flexible, mini, fluid head
camera bag, camera backpack, photo bag | 53 | color.wear size.letter | sling, hard case, canvas
ring light, selfie light, video light | 36 | size.inch style | clip on, floor, tabletop
camera lens, prime lens, phone lens kit | 112 | style pack | macro, fisheye, telephoto, portrait
memory card, sd card, flash card | 24 | size.memory pack | micro, dash, video
action camera, sports camera, helmet camera | 88 | color.gadget style | underwater, dual screen, mini
security camera, surveillance camera, wifi camera | 62 | color.gadget pack | outdoor, dome, bulb, pan tilt
photo backdrop, photography background, photo curtain | 27 | size.backdrop style | floral, brick wall, balloon, snow
a: light weight, shock proof, heavy duty, high resolution, @digital photography
a[security]: night vision, motion detecting, +two way talk, @front doors
a[lens, action]: +optical zoom, +image stabilizer
a[tripod, light]: +phone holder, @vlogging
a[tripod]: %carbon fiber, quick release
a[backdrop]: wrinkle resistant, @baby pictures
a[bag]: dust resistant, +tripod straps, +rain cover, @two lenses
a[card]: cold resistant, x ray proof, +high write speed, @burst shots
u: beginners, birthday parties, travel bloggers, home and shop, product photos
f[tripod]: a spirit level
f[bag]: a padded divider
f[lens, action, bag]: a lens cloth
f[tripod, backdrop]: a hook for weights
f[card, bag]: a card wallet
f[lens]: a sun hood
-[card] Swaps from phone to camera to laptop without a word.
-[card] Reads back years of pictures without a gap.
-[bag] Everything has its place and comes out with one hand.
-[lens] Turns in smooth steps and sits without play.
-[tripod, light] Stands firm on grass, sand and tile.
- Catches small details you would have missed.
-[tripod, backdrop] Folds down to the length of a forearm.
-[security] Sends a note to your phone when something moves.
- Colors look true under lamps and in daylight.
-[tripod, light] Every joint is metal and locks with a click.

== Wearable Technology
smartwatch, smart watch, fitness watch | 78 | color.gadget size.watch | round, square, rugged, ladies
watch band, watch strap, replacement band | 15 | color.wear size.watch | nylon, mesh, leather, sport
fitness tracker, activity tracker, step counter | 39 | color.gadget style | slim, clip on, kids
vr headset, virtual reality goggles, vr glasses | 64 | color.gadget style | phone, standalone, comfort
a: anti scratch, @sports training
a[smartwatch, tracker, band]: swim proof, sweat resistant
a[smartwatch, tracker]: heart rate monitoring, sleep tracking, +always on display, +gps tracking, @android phones
a[band, smartwatch, tracker]: +replacement straps, +stainless steel buckle, %milanese mesh, @small wrists
a[band]: +quick release pins, easy to adjust
a[headset]: +padded band, @long sessions, +wide view, @glasses wearers, +low motion blur
u: men and women, runners, swimmers, seniors, daily wear
f[smartwatch, tracker]: a magnetic dock; a silent alarm
f[band]: two extra links; a pin tool
f[headset]: a padded strap
f[smartwatch]: a large dial
-[headset] Sits soft on the nose, with glasses or without.
-[headset] Look over your shoulder and the world is there too.
-[headset, band] Adjusts with one hand and stays put when you move.
-[smartwatch, tracker] Counts steps, floors and quiet hours without being asked.
-[smartwatch, band, tracker] Wears so lightly that you sleep with it on.
-[smartwatch, tracker] Reads well in bright sun and in the dark.
-[band] Change color to go with your shirt in ten seconds.
-[smartwatch, tracker] Seven days between charges in our trials.

== Cables & Power › Power Supplies
usb c cable, charging cable, type c cord | 13 | size.cable color.gadget | braided, coiled, right angle, short
extension cord, power cord, extension cable | 18 | size.cable color.gadget | flat plug, outdoor, three outlet
surge protector, power strip, outlet extender | 25 | size.cable color.gadget | tower, mountable, rotating, under desk
rechargeable batteries, aa batteries, battery set | 17 | pack style | lithium, high capacity, pre charged
travel adapter, plug adapter, power converter | 22 | color.gadget pack | world, dual voltage, grounded
ethernet cable, network cable, internet cable | 14 | size.cable color.gadget | flat, shielded, outdoor, patch
a: fire resistant, flame retardant, space saving, @multiple devices, @garage tools
a[surge, extension, adapter]: +usb outlets, +child safety shutters, overload protected
a[cable, cord]: +nylon braid, +gold connectors, %oxygen free copper, tangle free
a[usb c, ethernet]: fast data transfer
a[batteries]: long lasting power, leak resistant, @toys and clocks, mercury free
a[adapter, batteries]: @international travel
u: desk and nightstand, workshops, dorm rooms, cruise ships, servers
f[cable, cord]: a hook strip; a hard plug
f[cable, cord, batteries]: a label set
f[surge, cord]: an on off switch; a flat head
f[adapter, cable, batteries]: a travel pouch
-[cable, cord] Bends ten thousand times without a kink.
-[cord, surge, adapter] Leaves the second socket free for the lamp.
-[cable, cord, surge] Thick copper inside, soft sleeve outside.
-[usb c, ethernet] Carries data and power at the same time.
-[batteries] Holds its charge in a drawer for months.
-[cable, cord, surge, adapter] The plug sits tight and does not spark.

== Tablets & Readers
android tablet, touchscreen tablet, kids tablet | 112 | color.gadget size.memory | learning, drawing, ten inch
tablet case, tablet cover, folio case | 23 | color.wear style | keyboard, trifold, kids, shockproof
stylus pen, touch pen, digital pencil | 21 | color.gadget pack | fine tip, magnetic, disc tip, two in one
e reader cover, reader sleeve, ebook case | 19 | color.wear style | fabric, hand strap, printed
tablet stand, tablet holder, tablet mount | 24 | color.gadget style | gooseneck, kitchen, folding, pillow
a: kid friendly, foldable, multi angle, @bedtime reading, @kitchen counters
a[pen, android]: palm rejecting, pressure sensitive, @note taking, @drawing
a[case, cover]: auto wake, +hand strap, +soft microfiber lining, +pencil holder
a[android]: +pre installed apps, +parental controls, glare free
a[tablet stand]: +heavy base, +rubber feet, @cooking videos, vibration free
u: kids, artists, readers, school, long flights
f[pen]: spare tips
f[case, android]: a corner bumper
f[case, cover]: an elastic loop
f[stand, pen]: a non mark clip
f[stand, case]: a folding foot
f[cover]: a page button
-[pen, android] Lines appear where the tip is, with no lag.
-[case, cover] Closes with a soft snap and wakes when opened.
-[stand, case, android] Prop it up for a recipe or a film in bed.
-[case, cover, android] Survives drops from the sofa and small sticky hands.
- Weighs less than a paperback.

== Car & Vehicle Electronics
dash cam, car camera, driving recorder | 63 | style size.memory | front and rear, mini, mirror, three channel
car stereo, car radio, touch screen stereo | 94 | size.screen style | single din, double din, retro
backup camera, rear view camera, reverse camera | 58 | size.screen style | wireless, license plate, truck
gps tracker, vehicle tracker, car locator | 33 | color.gadget style | magnetic, hidden, plug in
car charger, vehicle charger, cigarette lighter adapter | 16 | color.gadget pack | dual port, retractable, metal, mini
a: +low power use, ip69 rated, fade resistant, all weather, @trucks and vans, @long drives
a[dash, backup]: loop recording, +night sight, @parking lots, emergency locking, +g sensor
a[stereo]: +bluetooth calls, +steering wheel control
a[gps]: real time tracking, +long standby
a[dash]: +suction cup
a[charger]: quick charging, +metal shell, @two phones
u: family cars, fleet owners, road trips, new drivers, campers
f: a clip set
f[dash, stereo, backup]: a trim tool
f[dash, backup, charger]: a long lead
f[dash, stereo]: a fuse tap; a sun shade
f[dash, gps]: a hard wire kit
-[gps] Shows where the van is, and where it was at noon.
-[gps, charger] Nobody will notice the small box under the seat.
-[gps] Draw a line on the map and get a note when it is crossed.
-[dash] Keeps the last minutes on file when the car is hit.
-[dash, backup] Reads road signs at night, thanks to a bright lens.
-[stereo, backup, dash] The wiring plan comes with color codes.
-[dash, stereo, backup, charger] Starts with the engine and goes to sleep with it.
-[dash, stereo, backup, charger] Fits flush and does not block your view.
"""
