"""The portal as an installable app that can be read without a network: manifest, service worker, what it saves."""
