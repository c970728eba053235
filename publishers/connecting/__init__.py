"""«Kết nối lại»: how a person gives the system access to a page, an Official Account or a partner."""
