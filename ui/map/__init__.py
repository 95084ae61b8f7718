"""The map: its layers, its legend, and the component that draws them in the browser."""
