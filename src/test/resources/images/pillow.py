"""Makes pillow.json: images, and what Pillow resizes them to (BILINEAR)."""

import base64
import io
import json
import random

from PIL import Image

random.seed(1)


def base64_of(data):
    return base64.b64encode(bytes(data)).decode()


files, cases = {}, []
for name, mode, size, format in [("grey", "L", (23, 17), "png"), ("colour", "RGB", (31, 20), "png"), ("palette", "RGB", (19, 16), "gif")]:
    bands = len(mode)
    image = Image.frombytes(mode, size, bytes(random.randrange(256) for _ in range(size[0] * size[1] * bands)))
    if format == "gif":
        image = image.quantize(16)
    buffer = io.BytesIO()
    image.save(buffer, format)
    image = image.convert(mode)
    files[name] = base64_of(buffer.getvalue())
    for width, height in [size, (8, 8), (5, 17), (31, 3), (40, 9), (1, 1), (47, 33)]:
        pixels = image.resize((width, height), Image.BILINEAR).tobytes()
        planes = b"".join(pixels[band::bands] for band in range(bands))
        cases.append(dict(file=name, width=width, height=height, channels=bands, pixels=base64_of(planes)))
with open("pillow.json", "w") as out:
    json.dump(dict(files=files, cases=cases), out, indent=0)
