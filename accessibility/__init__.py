"""What travel times mean for people: door to door, per place and kind of service."""
