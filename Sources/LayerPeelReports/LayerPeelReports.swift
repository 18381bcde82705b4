public import LayerPeel
