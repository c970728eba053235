"""«Tôi có đang bị lừa không?»: a guided self-check, and comparing a message without sending it."""
