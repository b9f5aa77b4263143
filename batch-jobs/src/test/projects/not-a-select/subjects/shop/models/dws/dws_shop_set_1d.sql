SET x = 1
