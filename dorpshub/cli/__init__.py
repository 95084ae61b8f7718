"""The command `dorpshub`: thin verbs over the layers."""
