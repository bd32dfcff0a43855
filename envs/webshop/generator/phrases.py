"""Words that fit any department: invented brands, introductions and plain sentences."""

from __future__ import annotations

__all__ = ["BRANDS", "INTRODUCTIONS", "SENTENCES"]

_STARTS = (
    "Quor Velt Zam Brin Thal Ostr Fenn Gild Hux Jorv Kelm Lumv Mavr Norv Pell Ryn Sorv Tarq Ulv Wexl Yelb Drav Cald "
    "Skel Plin Vosk Arbo Bexl Crof Dunn Elsk Fjal Grom Hask Ilv Jask Kond Lorq Mirq Nask"
)
_ENDS = "ova wick dale mora enna ith aro stra quin bek lund mere fax ora ette ixa ando ul oon ery"
BRANDS = tuple(start + end for start in _STARTS.split() for end in _ENDS.split())
"""800 brand names made of invented syllables."""

INTRODUCTIONS = (
    "Meet the {kind} {name} by {brand}.",
    "Another good idea from {brand}, for {use}.",
    "The {brand} {name} was made with {use} in mind.",
    "You asked {brand} for something better, and this is our answer.",
    "Straight from the {brand} workshop: {kind} {name}.",
    "About this item: {kind} {name}, sold by {brand}.",
    "Product description: {brand} {name}, {kind}, for {use}.",
    "Give {brand} a try, made for {use} by people who listen.",
    "Here comes the new {name} from {brand}, with {feature} and a lot of care.",
    "People come back to {brand} for the {kind} {name}.",
)

SENTENCES = (
    "Questions before or after the sale are welcome, we answer on working days.",
    "If something arrives broken, send us a picture and we will replace it.",
    "Packed without plastic wherever we can.",
    "Please read the leaflet before first use.",
    "Not what you hoped for? You have thirty days to change your mind.",
    "Our parcels leave the warehouse on the day of your order.",
    "Thank you for looking at the offer of a small company.",
    "Batch and date are printed on the back.",
    "Nothing else is needed to get going.",
    "A share of every sale goes to the school in our street.",
    "Each piece is looked at by two pairs of eyes.",
    "The pictures show the item from all sides.",
    "We have listened to early buyers and changed what they did not like.",
    "Good value does not have to look cheap.",
    "Buy one and keep it, that is our idea of thrift.",
    "Weights and measures were taken by hand and may differ a little.",
    "Makes a thoughtful present for somebody who has everything.",
    "More than ten thousand sold since the first day.",
    "Keep the carton, it makes returns simple.",
    "You will find us at the spring fair again this year.",
)
