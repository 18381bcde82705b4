import LayerPeel
