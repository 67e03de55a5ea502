"""Prints each tensor of safetensors files as Hugging Face's own library reads it: name, type, shape, bytes in hex."""
import sys
from safetensors import deserialize

for path in sys.argv[1:]:
    with open(path, "rb") as file:
        for name, tensor in sorted(deserialize(file.read())):
            print(name, tensor["dtype"], "x".join(map(str, tensor["shape"])), bytes(tensor["data"]).hex())
