#!/usr/bin/env python
"""Django's command line for Kẻng; the settings default to the one-machine installation."""

import os
import sys

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cms.settings.embedded")
    # scam_warnings lives in the plain folder warnings/ (docs/decisions/0001-warnings-folder.md).
    sys.path.insert(1, os.path.join(os.path.dirname(os.path.abspath(__file__)), "warnings"))
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)
