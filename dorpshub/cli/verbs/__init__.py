"""What can be typed: verbs and their options, by what they are about."""
