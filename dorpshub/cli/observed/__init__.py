"""Verbs that put the model beside what was counted, in school days and over the years."""
