"""A region with files of somebody's own: read and checked beside the region whose layers they replace."""
