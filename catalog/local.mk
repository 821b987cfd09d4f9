# The catalog: facts about service calls, as data.
