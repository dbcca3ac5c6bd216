"""A link as a QR code, large enough to be read from a screen in a room."""

import io

import segno
import streamlit as st

# Characters beyond which a projected code is too fine for a telephone some metres away.
DENSE = 600


def qr_code(link: str, width: int = 260) -> None:
    """The code, dark on white in either theme, since readers expect that; or why there is none."""
    try:
        code = segno.make(link, error="m" if len(link) < DENSE // 2 else "l", micro=False)
    except segno.DataOverflowError:
        st.caption("The link is too long for a QR code: send it as text.")
        return
    picture = io.BytesIO()
    code.save(picture, kind="svg", scale=4, border=4, dark="#000", light="#fff", xmldecl=False)
    st.image(picture.getvalue().decode(), width=width)
    if len(link) > DENSE:
        st.caption("The link is long, and its code fine: come close, or shorten the text of the task.")
