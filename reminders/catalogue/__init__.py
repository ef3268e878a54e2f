"""The content: built-in habits, foods, moves, daily intakes, safety rules and texts, as YAML with typed readers.

    habits.yaml foods.yaml moves.yaml intakes.yaml safety.yaml texts/<language>.yaml -> content.load_content -> Content

Data and its reading only. What suits a person is decided in ``planning.safety``, what is said in ``planning.wording``.

Figures, sources and rules stand once, with their English names. A language is one file with two documents: the words
of nudges, laid over the English ones of ``texts/en.yaml``, and after the line ``---`` what the page and the commands
say, whose English stands in the source (``phrases``; ``retelling`` finds it again in what was put down in English).
What is not said there is said in English. To add one:

1. copy ``texts/de.yaml`` to ``texts/<code>.yaml`` and say everything in it in that language's own way; what stands
   before the colons, the placeholders in {brackets} and every number stay, ``plural`` is the rule that gettext knows;
2. run ``python -m reminders.catalogue.translation <code>`` until it prints nothing, which is about the nudges, and
   ``pytest tests/catalogue/test_phrases.py``, which lists what the page and the commands lack;
3. write what must never be said in it into ``tests/catalogue/forbidden.py``, and run the tests.

The file's name is then a value of ``language``; ``python -m reminders.settings.reference`` writes it into the schema.
"""
