#!/usr/bin/env python3
"""Puts the PNGs of the program's icon together into one file for Windows or macOS:

    make-icons.py DIRECTORY FILE.ico|FILE.icns

DIRECTORY holds gatehouse-16.png and so on. Both formats take PNGs as they are.
"""

import pathlib
import struct
import sys

WINDOWS_SIDES = (16, 24, 32, 48, 64, 128, 256)
# The types of an .icns: one for each size in points, at one and at two pixels a point.
MAC_TYPES = (("icp4", 16), ("icp5", 32), ("ic07", 128), ("ic08", 256), ("ic09", 512),
             ("ic11", 32), ("ic12", 64), ("ic13", 256), ("ic14", 512))


def picture(directory, side):
    data = (directory / f"gatehouse-{side}.png").read_bytes()
    if data[:8] != b"\x89PNG\r\n\x1a\n" or struct.unpack(">II", data[16:24]) != (side, side):
        raise SystemExit(f"gatehouse-{side}.png is not a PNG of {side} pixels a side")
    return data


def ico(directory):
    pictures = [(side, picture(directory, side)) for side in WINDOWS_SIDES]
    head = struct.pack("<HHH", 0, 1, len(pictures))
    offset = len(head) + 16 * len(pictures)
    entries = b""
    for side, data in pictures:
        byte = side % 256  # 0 stands for 256
        entries += struct.pack("<BBBBHHII", byte, byte, 0, 0, 1, 32, len(data), offset)
        offset += len(data)
    return head + entries + b"".join(data for _, data in pictures)


def icns(directory):
    body = b""
    for name, side in MAC_TYPES:
        data = picture(directory, side)
        body += name.encode() + struct.pack(">I", len(data) + 8) + data
    return b"icns" + struct.pack(">I", len(body) + 8) + body


def main(directory, target):
    makers = {".ico": ico, ".icns": icns}
    target = pathlib.Path(target)
    target.write_bytes(makers[target.suffix](pathlib.Path(directory)))


if __name__ == "__main__":
    if len(sys.argv) != 3:
        raise SystemExit(__doc__)
    main(*sys.argv[1:])
