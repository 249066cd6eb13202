"""The web app as a server: `interviewer run` and `streamlit run app.py` start it. What it shows is in ui/script.py."""

import streamlit as st

from interviewer.ui import server

settings = server.prepared()
app = st.App(
    server.SCRIPT,
    middleware=server.middleware(settings),
    lifespan=server.lifespan,
    on_script_error=server.log_script_error,
)
