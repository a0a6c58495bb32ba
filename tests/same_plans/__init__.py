"""Does the code say the same as that of another commit, byte for byte?"""
