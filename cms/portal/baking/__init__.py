"""How finished files come about: rendered, written whole, carried outside. The verbs are in ``cms.portal.bake``."""
