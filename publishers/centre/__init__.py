"""The delivery centre of the admin: releases with all their channels, the stop switch, one delivery's history."""
