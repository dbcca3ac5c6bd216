"""Arrays in, plotly figures out.

Every function here returns a `Spec`: the plain dict that plotly.js draws. `st.plotly_chart` and
`live_chart` take it as it is, and `as_figure` turns it into a validated `plotly.graph_objects.Figure`.
Plain, because figures are built at every tick of every open page: a boundary and two curves of 600 points
cost 1 ms as dicts and 26 ms as `go.Figure`.
"""

from nnplay.figures.spec import Spec, as_figure, encode

__all__ = ["Spec", "as_figure", "encode"]
