"""How much memory a random network takes that is measured layer by layer, and how much it may."""

# Bytes that one question may take: a worker has other things in its memory.
LARGEST = 100e6


def needed(depth: int, width: int, samples: int, units_factor: int = 1) -> float:
    """Bytes for `depth` layers of `width` units, with all their values and gradients for `samples` inputs.

    `units_factor`: sums that the activation needs for each output.
    """
    sums = width * units_factor
    return 4 * depth * (4 * sums * samples + 2.5 * width * sums)


def refusal(depth: int, width: int, samples: int, units_factor: int = 1) -> str:
    """Why a network is not measured, as a sentence; "" for one that is."""
    size = needed(depth, width, samples, units_factor)
    if size <= LARGEST:
        return ""
    most = int(LARGEST / needed(1, width, samples, units_factor))
    return (
        f"{depth} layers of {width} units would take about {size / 1e6:.0f} MB of memory; at most "
        f"{LARGEST / 1e6:.0f} MB are allowed. Choose fewer units, or at most {most} layers of {width}."
    )
