"""The glossary: short, plain, and no term written twice."""

import json
import re

from nnplay.glossary import GLOSSARY, find, written
from nnplay.ui.browser import served_script


def test_terms_are_a_sentence_or_two_each():
    assert len(GLOSSARY) >= 40
    for name, term in GLOSSARY.items():
        assert 15 <= len(term.about) <= 130 and term.about.endswith("."), name
        assert len(re.findall(r"[.!?](?:\s|$)", term.about)) <= 2, name
    labels = [term.label.lower() for term in GLOSSARY.values()]
    assert labels == sorted(labels), "in the order of the alphabet"


def test_each_form_is_one_term_and_can_be_searched_for():
    forms = [form for term in GLOSSARY.values() for form in dict.fromkeys(written(term))]
    assert len(forms) == len(set(forms))
    # They stand in a pattern as they are.
    assert all(re.fullmatch(r"[\w² -]+", form) for form in forms)


def test_the_browser_has_all_of_them():
    text = served_script()[1]
    found = re.search(r"const TERMS = (\[.*\]);", text)
    assert found and len(json.loads(found[1])) == len(GLOSSARY)


def test_searching():
    assert find("") == find("  ") == list(GLOSSARY)
    assert find("Epoch")[0] == "epoch" and find("EPOCHS") == ["epoch"]
    assert find("by heart")[0] == "overfitting"
    assert find("no such word") == []
