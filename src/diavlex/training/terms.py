"""Terms: under which the pictures and words of named sources were given, as found with them."""

TERMS = {
    "art4apps": "CC BY-SA 3.0, share-alike: Art4Apps, its authors (art4apps.org)",
    "blobmoji": "Apache-2.0: Google and the authors of Blobmoji",
    "emojione_2.2": "CC BY 4.0: EmojiOne, its authors (joypixels/emojione)",
    "emojione_2017-03": "CC BY 4.0: EmojiOne, its authors (joypixels/emojione)",
    "fluent3d_emoji": "MIT: Microsoft, Fluent Emoji",
    "fluent_flat": "MIT: Microsoft, Fluent Emoji",
    "fluent_high_contrast": "MIT: Microsoft, Fluent Emoji",
    "fxemoji": "CC BY 4.0: Mozilla, Firefox OS Emoji",
    "game_icons": "CC BY 3.0: Lorc, Delapouite and others (game-icons.net)",
    "mulberry": "CC BY-SA 4.0, share-alike: Mulberry Symbols, Garry Paxton and Steve Lee",
    "noto_emoji": "Apache-2.0: Google, Noto Emoji",
    "noto_v1": "Apache-2.0: Google, Noto Emoji 1",
    "openclipart": "public domain: Open Clip Art Library",
    "openmoji": "CC BY-SA 4.0, share-alike: OpenMoji, its authors (openmoji.org)",
    "streamline_emojis": "CC BY 4.0: Streamline (streamlinehq.com)",
    "twemoji": "CC BY 4.0: Twitter, Inc. and other contributors, Twemoji",
    "wordnet": (
        "WordNet 3.0 license, for names of icons: WordNet 3.0 Copyright 2006 by Princeton "
        "University. All rights reserved."
    ),
}
"""Terms and authors by source; of others a corpus tells the class of their licence."""
LICENCE = (
    "MIT for the numbers of the networks; CC BY-SA 4.0 for the icons, as some of the drawings that "
    "they are means of ask for; trained on pictures under the terms below"
)
"""Of a guide that has icons."""


def terms_of(source: str, licence: str) -> str:
    """The terms of a source: with its authors where they are known, else the class as given."""
    return TERMS.get(source, licence)
