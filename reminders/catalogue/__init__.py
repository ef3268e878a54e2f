"""The content: built-in habits, foods, moves, daily intakes, safety rules and texts, as YAML with typed readers.

    habits.yaml foods.yaml moves.yaml intakes.yaml safety.yaml texts/<language>.yaml -> content.load_content -> Content

Data and its reading only. What suits a person is decided in ``planning.safety``, what is said in ``planning.wording``.
"""
