"""«Tôi có đang bị lừa không?» as standing content: how it is written, what must hold, what an edition keeps of it."""
