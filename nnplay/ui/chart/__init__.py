"""Charts redrawn in place: the component, and the scripts that draw what moves without Plotly's help."""
