"""One sample on its way through the layers: feature maps, filters, states over time, attention, occlusion.

`panel` is what the page calls, `registry` lists the views, `pictures` and `sequences` hold them.
"""

from nnplay.ui.one_sample.panel import panel, parts, views_wanted

__all__ = ["panel", "parts", "views_wanted"]
