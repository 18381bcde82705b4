import LayerPeel
print("layerpeel")
