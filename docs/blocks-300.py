"""Makes runs/blocks-300/rows: windows of 300 bases of chromosome 2 (label 1), and such windows in which 12 of 20 blocks of
15 bases were replaced by random ones (label 0). Regions of 30,000 bases go whole to train, dev or test."""

import gzip
import os
import random

SPLITS = ("train", "dev", "test")


def with_replaced_blocks(window, draw):
    blocks = [window[at : at + 15] for at in range(0, 300, 15)]
    for block in draw.sample(range(20), 12):
        blocks[block] = "".join(draw.choices("ACGT", k=15))
    return "".join(blocks)


draw = random.Random(42)
fasta = os.environ["DNALLAMA_DATA"] + "/genome/chr2_1-2333275.fa.gz"
bases = gzip.open(fasta, "rt").read().split("\n", 1)[1].replace("\n", "").upper()
rows = {split: ["sequence,label"] for split in SPLITS}
for start in range(0, len(bases) - 300, 300):
    window = bases[start : start + 300]
    if "N" in window:
        continue
    (split,) = random.Random(start // 30000).choices(SPLITS, [8, 1, 1])
    label = draw.randrange(2)
    rows[split].append(f"{window if label else with_replaced_blocks(window, draw)},{label}")
os.makedirs("runs/blocks-300/rows", exist_ok=True)
for split, lines in rows.items():
    with open(f"runs/blocks-300/rows/{split}.csv", "w", encoding="ascii") as file:
        file.write("\n".join(lines) + "\n")
