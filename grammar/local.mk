# Grammars: each file is linked into the library that owns it (see the folder of that name).
