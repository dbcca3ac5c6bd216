"""nnplay: a neural-network playground with real Keras underneath.

The layers, low to high; a module imports from its own layer and those before it:

    registry    look a name up, or say which names exist and which was meant
    numerals    numbers as people write them
    data        arrays to learn from
    catalog     activations, losses, optimizers, initializers...: what exists, as data
    experiment  the validated record that describes a run
    assignment  what a teacher's link adds: a task, a goal, locked controls
    laboratories  the settings of the laboratory pages
    tensorflow_playground  links of TensorFlow Playground, read as experiments
    engine      the only Keras: build, compile, train, look inside
    jobs        runs in the background, in worker processes
    sweep       many runs over a grid of settings
    coach       what is wrong with a run, from its measurements alone
    examples    the gallery: experiments with claims that are measured
    lessons     first steps for newcomers, each with a goal that is measured
    glossary    the terms of the field in a sentence each
    figures     arrays in, Plotly figures out
    export      a run as a script, a notebook, a table
    ui          the parts that pages share
    pages       the pages themselves, app.py among them
"""

__version__ = "0.1.0"
