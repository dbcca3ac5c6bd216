"""The layers of the network on show, over the whole run: gradients, updates, saturation, weights, outputs.

`panel` is what the page calls, `readings` what was measured, as arrays, `words` the same in sentences and as
a table.
"""

from nnplay.ui.inside.panel import inside, parts, views_wanted

__all__ = ["inside", "parts", "views_wanted"]
