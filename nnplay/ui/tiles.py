"""Where groups of small pictures of numbers are shown: maps, filters, states, attention."""

from nnplay.ui.browser import component, install

CSS = """
.nnplay-tiles { color: var(--st-text-color); font-size: .875rem; display: grid; gap: .8rem }
.nnplay-tiles p { margin: 0 0 .3rem; line-height: 1.35 }
.nnplay-tiles p strong { font-weight: 600 }
.nnplay-tiles p small { font-size: .8rem; opacity: .7 }
.nnplay-tiles .tiles { display: flex; flex-wrap: wrap; gap: .5rem; align-items: flex-end }
.nnplay-tiles .apart { gap: .9rem 1.4rem }
.nnplay-tiles .wide { flex-direction: column; align-items: stretch; gap: .35rem }
.nnplay-tiles canvas { image-rendering: pixelated; display: block; cursor: crosshair }
.nnplay-tiles .wide canvas { width: 100% }
.nnplay-tiles figure { margin: 0; display: grid; justify-items: center }
.nnplay-tiles .wide figure { justify-items: stretch }
.nnplay-tiles figcaption { font-size: .75rem; opacity: .7; padding-top: .1rem }
.nnplay-tiles .axes { grid-template-columns: auto 1fr }
.nnplay-tiles .axes > i { font-style: normal; font-size: .75rem; opacity: .7 }
.nnplay-tiles .axes .down { writing-mode: vertical-rl; justify-self: end; align-self: start; padding: 0 .15rem }
.nnplay-tiles .axes .across { grid-column: 2; justify-self: stretch; display: flex; justify-content: space-between }
.nnplay-tiles .axes figcaption { opacity: 1; padding: 0; font-size: inherit }
.nnplay-tiles output { font-variant-numeric: tabular-nums; opacity: .7; font-size: .8rem; min-height: 2.4em }
.nnplay-tiles .bars { display: grid; grid-template-columns: auto 1fr; gap: 1px .5rem; margin: 0; flex: 1 1 11rem; max-width: 24rem }
.nnplay-tiles .bars { font-size: .78rem; line-height: 1.15; font-variant-numeric: tabular-nums; align-items: center }
.nnplay-tiles .bars dt { text-align: right; max-width: 8rem; overflow: hidden; text-overflow: ellipsis; white-space: nowrap }
.nnplay-tiles .bars dt.marked { font-weight: 700 }
.nnplay-tiles .bars dd { margin: 0; display: flex; align-items: center; gap: .4rem }
.nnplay-tiles .bars dd i { flex: 1; height: .6rem; background: var(--st-secondary-background-color) }
.nnplay-tiles .bars dd b { display: block; height: 100%; background: var(--st-text-color); opacity: .45 }
.nnplay-tiles .bars dd b.marked { background: var(--st-primary-color); opacity: 1 }
.nnplay-tiles .bars dd span { width: 3.4rem; text-align: right }
"""  # noqa: E501

_tiles = component("tiles", html='<div class="nnplay-tiles"></div>', css=CSS)


def tiles_place(name: str) -> None:
    """Where the part `name` of a feed, by `nnplay.figures.tiles.tile_bytes`, is shown."""
    install()
    _tiles(data={"place": name}, key=name)
