"""Makes pillow.json: images, and what Pillow resizes them to (BILINEAR).

The colour profile of one has sRGB's red and blue exchanged: whoever applies it exchanges them.
"""

import base64
import io
import json
import random

from PIL import Image, ImageCms

random.seed(1)


def base64_of(data):
    return base64.b64encode(bytes(data)).decode()


srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
exchanged = srgb.replace(b"rXYZ", b"????").replace(b"bXYZ", b"rXYZ").replace(b"????", b"bXYZ")
jpeg = dict(quality=95, subsampling=0, icc_profile=exchanged)
files, cases = {}, []
for name, mode, size, format, options in [
    ("grey", "L", (23, 17), "png", {}),
    ("colour", "RGB", (31, 20), "png", {}),
    ("palette", "RGB", (19, 16), "gif", {}),
    ("profile", "RGB", (20, 14), "jpeg", jpeg),
]:
    bands = len(mode)
    image = Image.frombytes(mode, size, bytes(random.randrange(256) for _ in range(size[0] * size[1] * bands)))
    if format == "gif":
        image = image.quantize(16)
    buffer = io.BytesIO()
    image.save(buffer, format, **options)
    image = Image.open(buffer).convert(mode)
    files[name] = base64_of(buffer.getvalue())
    for width, height in [size, (8, 8), (5, 17), (31, 3), (40, 9), (1, 1), (47, 33)]:
        pixels = image.resize((width, height), Image.BILINEAR).tobytes()
        planes = b"".join(pixels[band::bands] for band in range(bands))
        cases.append(dict(file=name, width=width, height=height, channels=bands, pixels=base64_of(planes)))
with open("pillow.json", "w") as out:
    json.dump(dict(files=files, cases=cases), out, indent=0)
