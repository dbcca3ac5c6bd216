"""The network as a picture: every neuron a small live map, computed in the browser from the weights.

`component` puts it on the page, `description` has what the browser is told, `acts` what it asks for, `script`
its JavaScript modules: `activations`, `forward` and `statistics` compute, `layout` says where things stand,
`maps`, `colors` and `drawing` draw, `pointer`, `card` and `controls` answer a person; `picture` holds it all
together.
"""
