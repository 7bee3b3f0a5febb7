"""Pictures in and out; the only package that imports Pillow."""
