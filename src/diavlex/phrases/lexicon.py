"""Words that say more than a thing: places, hours, deeds, people, relations, colors."""

MORE_COLORS = {
    "gray": "grey", "gold": "golden", "violet": "purple", "lilac": "purple", "scarlet": "red",
    "crimson": "red", "navy": "blue", "turquoise": "turquoise", "beige": "beige",
    "silver": "silver", "tan": "beige", "cream": "beige", "blond": "blond", "blonde": "blond",
    "emerald": "green", "maroon": "maroon", "magenta": "pink", "teal": "turquoise", "azure": "blue",
    "ginger": "ginger",
}  # fmt: skip
"""Other words for colors, by the color that they mean."""
COUNTS = {
    "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "several": 3,
    "some": 3, "many": 6, "few": 3, "nine": 9, "ten": 10, "eleven": 11,
    "twelve": 11, "dozen": 11, "7": 7, "8": 8, "9": 9, "10": 10,
    "2": 2, "3": 3, "4": 4, "5": 5, "6": 6, "both": 2, "twin": 2,
}  # fmt: skip
ARTICLES = {
    "a", "an", "the", "his", "her", "its", "their", "my", "your", "our", "this", "that", "one",
}  # fmt: skip
IGNORED = {
    "is", "are", "was", "were", "who", "which", "there", "very", "being", "it", "him", "them",
    "himself", "herself", "each", "other", "together", "alone", "while", "as", "up", "down", "away",
    "out", "scene", "view", "covered", "outside", "outdoors", "indoors",
}  # fmt: skip
RELATIONS = {
    "in": "in", "inside": "in", "into": "in", "within": "in", "on": "on", "onto": "on",
    "upon": "on", "atop": "on", "under": "under", "below": "under", "beneath": "under",
    "underneath": "under", "over": "above", "above": "above", "beside": "beside", "by": "beside",
    "near": "beside", "against": "beside", "behind": "behind", "beyond": "behind",
    "before": "before", "at": "at", "through": "in", "across": "in", "along": "in",
    "between": "between", "around": "around", "among": "in", "amid": "in", "with": "with",
    "wearing": "wear", "holding": "hold", "carrying": "hold", "of": "of", "from": "at", "to": "at",
    "towards": "at", "toward": "at", "for": "with", "without": "without",
}  # fmt: skip
PLACES = {
    "field": "field", "meadow": "field", "grass": "field", "lawn": "field", "pasture": "field",
    "prairie": "field", "grassland": "field", "savanna": "field", "countryside": "hills",
    "farm": "field", "garden": "field", "patch": "field",
    "flowerbed": "field", "yard": "field", "park": "road", "wheat": "wheat",
    "cornfield": "wheat", "lavender": "lavender", "vineyard": "vineyard", "forest": "forest",
    "woods": "forest", "wood": "forest", "woodland": "forest", "orchard": "forest",
    "jungle": "jungle", "rainforest": "jungle", "mountain": "mountains", "mountains": "mountains",
    "peak": "mountains", "alps": "mountains", "hill": "hills", "hills": "hills",
    "hillside": "hills", "valley": "hills", "landscape": "hills", "lake": "lake", "pond": "lake",
    "sea": "sea", "ocean": "sea", "water": "sea", "bay": "sea", "harbor": "harbor",
    "harbour": "harbor", "port": "harbor", "marina": "harbor", "beach": "beach", "shore": "beach",
    "coast": "beach", "seaside": "beach", "sand": "beach", "island": "island", "river": "river",
    "stream": "river", "creek": "river", "canal": "river", "brook": "river", "desert": "desert",
    "dunes": "desert", "dune": "desert", "snow": "snow", "ice": "snow", "arctic": "snow",
    "tundra": "snow", "street": "street", "alley": "street", "avenue": "street", "city": "city",
    "town": "city", "skyline": "city", "cityscape": "city", "downtown": "city",
    "village": "village", "road": "road", "path": "road", "trail": "road", "highway": "road",
    "lane": "road", "track": "road", "room": "room", "kitchen": "room", "bedroom": "room",
    "livingroom": "room", "office": "room", "floor": "room", "wall": "room", "bathroom": "room",
    "fairground": "field", "classroom": "room", "library": "room", "cafe": "room",
    "restaurant": "room", "studio": "room", "stage": "room", "sky": "sky", "clouds": "sky",
    "air": "sky", "space": "space", "galaxy": "space", "universe": "space",
    "underwater": "under water", "aquarium": "under water", "reef": "under water",
    "seabed": "under water", "waterfall": "waterfall", "waterfalls": "waterfall", "aurora": "snow",
    "cherryorchard": "orchard", "oasis": "oasis", "canyon": "canyon", "gorge": "canyon",
    "iceberg": "iceberg",
    "glacier": "iceberg", "icebergs": "iceberg", "swamp": "swamp", "marsh": "swamp",
    "bog": "swamp", "moonscape": "moonscape", "graveyard": "graveyard", "cemetery": "graveyard",
    "railway": "railway", "railroad": "railway", "tracks": "railway", "market": "market",
    "bazaar": "market", "seashore": "beach", "savannah": "field", "plain": "field",
    "plains": "field", "steppe": "field", "backyard": "field", "farmland": "field",
    "paddock": "field", "lagoon": "lake", "reservoir": "lake", "fjord": "lake", "seaport": "harbor",
    "cove": "beach", "shoreline": "beach", "promenade": "beach", "clearing": "forest",
    "glade": "forest", "grove": "forest", "riverbank": "river", "waterfront": "harbor",
    "dock": "harbor", "wharf": "harbor", "quay": "harbor", "pier": "harbor",
    "jetty": "harbor", "barnyard": "field",
    "farmyard": "field", "moor": "hills", "heath": "hills", "vale": "hills", "ravine": "canyon",
    "crossroads": "road", "courtyard": "street", "campsite": "forest", "campground": "forest",
    "playground": "field", "marshland": "swamp", "wetland": "swamp",
    "gym": "room", "nursery": "room", "lounge": "room", "stadiumfield": "field",
    "sunset": "sea", "sunrise": "sea", "cliff": "cliff", "cliffs": "cliff", "bridge": "bridge",
}  # fmt: skip
"""Words for places, by the scenery that shows them."""
STRONG = (
    "moonscape", "graveyard", "oasis", "canyon", "iceberg", "swamp", "railway", "market", "orchard",
    "harbor", "wheat", "lavender", "vineyard", "village", "city", "street", "waterfall", "jungle",
    "desert", "beach", "island", "cliff", "bridge", "lake", "river", "forest", "mountains", "snow",
    "under water", "space", "road", "sea", "hills", "field", "room", "sky",
)  # fmt: skip
"""Sceneries, those that tell most first: of two that are said the first is drawn."""
THINGS_TOO = {
    "mountain", "bridge", "island", "ice", "snow", "wood", "wall", "floor", "water", "sand",
    "track", "clouds", "wheat", "lavender", "grass",
}  # fmt: skip
"""Words for places that are things as well, where they do not say where."""
HOURS = {
    "night": "night", "midnight": "night", "moonlight": "night", "moonlit": "night",
    "starry": "night", "fireworks": "night", "firework": "night", "haunted": "night",
    "nighttime": "night", "moon": "night", "stars": "night", "aurora": "night",
    "sunset": "dusk", "sunrise": "dusk", "dusk": "dusk", "dawn": "dusk", "evening": "dusk",
    "twilight": "dusk", "sundown": "dusk", "daybreak": "dusk", "nightfall": "dusk",
    "morning": "day", "noon": "day", "midday": "day", "afternoon": "day", "daytime": "day",
    "daylight": "day",
}  # fmt: skip
WEATHERS = {
    "rain": "rain", "rainy": "rain", "raining": "rain", "rainstorm": "rain", "storm": "storm",
    "stormy": "storm", "lightning": "storm", "thunderstorm": "storm", "thunder": "storm",
    "fog": "fog", "foggy": "fog", "mist": "fog", "misty": "fog", "snowing": "snow",
    "snowstorm": "snow", "blizzard": "snow", "cloudy": "cloud", "windy": "cloud",
    "overcast": "cloud", "hail": "rain",
    "drizzle": "rain", "downpour": "rain",
}  # fmt: skip
SEASONS = {
    "winter": "winter", "snowy": "winter", "snow": "winter", "frozen": "winter", "icy": "winter",
    "autumn": "autumn", "fall": "autumn", "autumnal": "autumn", "spring": "spring",
    "blooming": "spring", "summer": "summer", "january": "winter", "february": "winter",
    "december": "winter", "april": "spring", "may": "spring", "july": "summer", "august": "summer",
    "october": "autumn", "november": "autumn",
}  # fmt: skip
SUNS = {"sun", "moon", "sunset", "sunrise", "sunny", "moonlit", "starry", "stars"}
"""Words with which sun or moon are seen."""
MEASURES = {
    "pair", "bunch", "slice", "piece", "loaf", "bar", "head", "ball", "kind", "stack", "pile",
    "heap",
}  # fmt: skip
"""What things are told in: "a slice of pizza" is pizza."""
GROWN = {
    "tulip", "sunflower", "poppy", "rose", "daisy", "flower", "pumpkin", "strawberry", "dandelion",
    "cabbage", "cactus",
}  # fmt: skip
"""What fields and gardens are full of."""
DOUBLE = {
    "glasses", "sunglasses", "pants", "jeans", "trousers", "shorts", "scissors", "binoculars",
    "headphones", "tights", "pliers", "tweezers", "shears", "pajamas",
}  # fmt: skip
"""Things that come as a pair and are one."""
GROUPS = {
    "group": 4, "flock": 5, "herd": 4, "row": 4, "crowd": 6, "pack": 4, "team": 4, "swarm": 6,
    "bouquet": 5, "set": 1, "school": 5, "line": 4,
}  # fmt: skip
CONTAINERS = {
    "bowl", "vase", "cup", "glass", "basket", "plate", "pot", "jar", "bucket", "box", "bottle",
    "wheelbarrow", "cart", "wagon", "barrel", "truck", "boat", "mug", "nest", "bag",
    "crate", "tray", "cage",
}  # fmt: skip
ADJECTIVES = {
    "big", "small", "little", "large", "tiny", "huge", "giant", "tall", "short", "old", "young",
    "new", "long", "round", "happy", "sad", "beautiful", "pretty", "cute", "lonely", "fluffy",
    "wooden", "ripe", "fresh", "wild", "open", "closed", "calm", "quiet", "bright", "dark", "light",
    "deep", "vast", "empty", "single", "winding", "sandy", "sunny", "full", "fat", "thin",
    "smiling", "glazed", "steaming", "colorful", "striped", "spotted", "shiny", "rusty", "broken",
    "green-eyed", "grand", "elderly", "lit", "burning", "erupting", "pale", "rocky", "grassy",
    "leafy", "narrow", "busy", "crowded", "tropical", "medieval", "ancient", "modern",
    "traditional", "rural", "country", "christmas-y", "rainbow", "dotted",
    "checkered", "checked", "plaid", "multicolored", "multicolor", "patterned", "floral", "polka",
    "rainbow-colored", "tartan", "colourful", "speckled", "knitted", "woolen",
    "fried", "stone", "brick", "iron", "metal",
    "rolling", "clear", "crescent", "half", "wide", "hot", "cold", "warm", "cool", "soft", "heavy",
    "cozy", "funny", "silly", "angry", "proud", "brave", "sleepy", "hungry", "friendly", "scary",
    "spooky", "magical", "mysterious", "peaceful", "abandoned", "vintage", "antique", "classic",
    "fancy", "elegant", "plain", "simple", "dirty", "wet", "dry", "muddy", "dusty", "furry",
    "hairy", "woolly", "curly", "majestic", "graceful", "sweet", "juicy", "delicious", "tasty",
    "creamy", "crispy", "chubby", "skinny", "slim", "strong", "sleek", "fast", "slow", "lovely",
    "gorgeous", "adorable", "nice", "great", "famous", "lush", "humid", "late", "early", "sunlit",
    "serene", "gentle", "weathered", "worn", "tired", "curious", "playful", "cheerful",
}  # fmt: skip
PEOPLE = {
    "man": "man", "men": "man", "guy": "man", "gentleman": "man", "father": "man", "dad": "man",
    "husband": "man", "groom": "man", "brother": "boy", "son": "boy", "woman": "woman",
    "women": "woman", "lady": "woman", "mother": "woman", "mom": "woman", "wife": "woman",
    "bride": "bride", "sister": "girl", "daughter": "girl", "boy": "boy", "boys": "boy",
    "kid": "boy", "kids": "boy", "child": "boy", "children": "boy", "toddler": "boy",
    "girl": "girl", "girls": "girl", "person": "man", "people": "man", "grandfather": "old man",
    "grandpa": "old man", "grandmother": "old woman", "grandma": "old woman", "farmer": "farmer",
    "chef": "chef", "cook": "chef", "baker": "chef", "dancer": "woman", "ballerina": "ballerina",
    "painter": "artist", "artist": "artist", "singer": "woman", "violinist": "woman",
    "guitarist": "man", "pianist": "man", "drummer": "man", "musician": "man",
    "fisherman": "fisher", "surfer": "man", "skier": "skier", "runner": "man", "cyclist": "man",
    "swimmer": "man", "hiker": "man", "climber": "man", "student": "boy", "reader": "woman",
    "juggler": "man", "teacher": "woman", "doctor": "doctor", "nurse": "nurse",
    "soldier": "soldier", "sailor": "sailor", "cowboy": "cowboy", "knight": "knight",
    "king": "king", "queen": "queen", "prince": "king", "princess": "queen", "pirate": "pirate",
    "wizard": "wizard", "witch": "witch", "gardener": "farmer", "lumberjack": "farmer",
    "carpenter": "man", "waiter": "waiter",
    "officer": "police", "astronaut": "astronaut", "skater": "girl", "monk": "monk",
    "player": "man", "tennisplayer": "man", "footballer": "man", "hockeyplayer": "man",
    "basketballplayer": "man", "baseballplayer": "man",
    "worker": "worker", "builder": "worker", "shepherd": "farmer",
    "hunter": "farmer", "rider": "man", "firefighter": "firefighter", "fireman": "firefighter",
    "policeman": "police", "clown": "clown",
    "scientist": "doctor", "dentist": "doctor", "surgeon": "doctor", "vet": "doctor",
    "mechanic": "mechanic", "plumber": "mechanic", "electrician": "worker", "miner": "worker",
    "magician": "magician", "viking": "viking", "ninja": "ninja", "samurai": "ninja",
    "waitress": "woman", "barista": "chef", "butcher": "chef", "cop": "police",
    "policewoman": "police", "postman": "police", "mailman": "police", "pilot": "pilot",
    "captain": "sailor", "conductor": "groom", "businessman": "groom", "lawyer": "groom",
    "businesswoman": "woman", "teenager": "boy", "grandparent": "old man", "granny": "old woman",
    "uncle": "man", "aunt": "woman", "friend": "man", "friends": "man", "neighbor": "man",
    "tourist": "man", "traveler": "man", "traveller": "man", "hermit": "old man",
    "angler": "fisher", "jogger": "man", "athlete": "man", "goalkeeper": "man",
    "snowboarder": "skier", "photographer": "man", "writer": "woman", "poet": "man",
    "librarian": "woman", "barber": "man", "tailor": "man", "shopkeeper": "man",
    "beggar": "old man", "acrobat": "clown", "jester": "clown", "emperor": "king",
    "empress": "queen", "nun": "witch", "priest": "groom", "bricklayer": "worker",
    "sculptor": "artist", "harpist": "woman", "flutist": "woman", "cellist": "woman",
    "trumpeter": "man", "saxophonist": "man", "beekeeper": "farmer", "skateboarder": "boy",
    "archer": "farmer", "boxer": "man", "golfer": "man",
}  # fmt: skip
"""Words for people, by how they look."""
AGENTS = {
    "violinist": ("play", "violin"), "guitarist": ("play", "guitar"), "pianist": ("play", "piano"),
    "drummer": ("play", "drum"), "fisherman": ("fish", ""), "surfer": ("surf", ""),
    "skier": ("ski", ""), "runner": ("run", ""), "cyclist": ("ride", "bicycle"),
    "juggler": ("juggle", ""), "swimmer": ("swim", ""), "hiker": ("hike", ""),
    "climber": ("climb", ""), "singer": ("sing", ""), "dancer": ("dance", ""),
    "ballerina": ("dance", ""), "skater": ("skate", ""),
    "photographer": ("photograph", ""), "archer": ("shoot", ""), "jogger": ("run", ""),
    "golfer": ("golf", ""), "snowboarder": ("snowboard", ""), "skateboarder": ("skateboard", ""),
    "harpist": ("play", "harp"), "flutist": ("play", "flute"), "cellist": ("play", "cello"),
    "trumpeter": ("play", "trumpet"), "saxophonist": ("play", "saxophone"), "writer": ("write", ""),
    "tennisplayer": ("play", "tennis"), "footballer": ("play", "football"),
    "hockeyplayer": ("play", "hockey"), "basketballplayer": ("play", "basketball"),
    "baseballplayer": ("play", "baseball"), "teacher": ("teach", ""), "painter": ("paint", ""),
    "artist": ("paint", ""), "student": ("study", ""), "boxer": ("box", ""),
    "angler": ("fish", ""), "bricklayer": ("build", "wall"),
}  # fmt: skip
"""People who are named for what they do."""
CLOTHES = {
    "dress", "hat", "coat", "jacket", "shirt", "raincoat", "suit", "uniform", "cap", "scarf",
    "sweater", "skirt", "crown", "helmet", "gown", "kimono", "boots", "shoes", "glasses",
    "sunglasses", "apron", "cape", "robe", "hoodie", "bonnet", "beret", "mask", "costume",
    "pajamas", "trousers", "pants", "jeans", "shorts", "t-shirt", "blouse", "hood", "tie",
}  # fmt: skip
PLURALS = {"men", "women", "boys", "girls", "children", "kids", "people"}
DEEDS = {
    "play", "read", "fly", "ride", "build", "fish", "cook", "dance", "walk", "chop", "jump", "kick",
    "drive", "drink", "surf", "paint", "hold", "sleep", "run", "swim", "climb", "sing", "eat",
    "write", "dig", "throw", "catch", "sit", "stand", "lie", "kneel", "push", "pull", "carry",
    "sweep", "wash", "clean", "plant", "water", "pick", "feed", "hug", "kiss", "wave", "cry",
    "laugh", "smile", "blow", "knit", "sew", "ski", "skate", "row", "sail", "hike", "juggle",
    "shoot", "box", "skateboard", "ropejump", "garden", "pour", "bake", "stir", "cut", "hammer",
    "saw", "fix", "repair", "work", "type", "talk", "call", "listen", "watch", "look", "think",
    "pray", "lift", "bathe", "shower", "brush", "comb", "shop", "sell", "serve", "teach", "study",
    "draw", "take", "photograph", "camp", "rest", "relax", "meditate", "stretch", "play-fight",
    "wrestle", "fight", "chase", "hide", "crawl", "slide", "swing", "cross", "leap", "graze",
    "float", "bark", "bloom", "erupt", "shine", "burn", "cycle", "bike", "golf", "bowl", "hit",
    "iron", "milk", "shovel", "rake", "mow", "point", "salute", "march", "drum", "sunbathe", "peel",
    "sip", "gallop", "hunt", "roast", "wind", "open", "close", "howl", "perch", "rise", "set",
    "glow", "pet", "stroke", "strum", "lean", "hang", "unwrap", "decorate", "toast", "wait",
    "prepare", "make", "fill", "gather", "collect", "harvest", "have", "enjoy", "share",
    "snowboard", "vacuum", "mop", "dust", "jog", "yawn", "sneeze", "clap", "bow", "whisper",
    "shout", "scream", "paddle", "dive", "snorkel", "kayak", "canoe", "weave", "carve", "sculpt",
    "conduct", "deliver", "exercise", "train", "squat", "trim", "prune", "scrub", "fold", "fry",
    "grill", "boil", "taste", "lick", "chew", "bite", "sniff", "dream", "nap", "snore", "tie",
    "count", "vote", "pack", "unpack", "tend", "herd", "guard", "lead", "follow", "meet", "greet",
    "propose", "marry", "celebrate", "skip", "hop", "stroll", "wander", "explore", "discover",
    "inspect", "examine", "weld", "sled", "toothbrush", "launch",
    "land", "soar", "glide", "slice", "migrate", "sting", "spin", "steam", "smoke", "blink", "purr",
    "growl", "roar", "nest", "mend", "polish", "groom", "shear", "sharpen", "knead", "mix", "whisk",
    "toss", "flip", "roll", "cuddle", "splash", "sketch", "stack", "drag", "weed",
}  # fmt: skip
"""What people and animals do."""
NOT_DEEDS = {
    "building", "painting", "evening", "morning", "wedding", "lightning", "clothing", "ceiling",
    "ring", "king", "string", "spring", "wing", "thing", "duckling", "earring", "drawing",
    "railing", "pudding", "dumpling", "awning", "living",
}  # fmt: skip
