"""Character encodings: their names and codecs, and decoding bytes in an unknown encoding."""
