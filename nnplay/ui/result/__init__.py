"""The result on the page: what the network makes of its data, in the views that fit the data.

One file a view; `registry` lists them, `place` puts the chosen one on the page.
"""
