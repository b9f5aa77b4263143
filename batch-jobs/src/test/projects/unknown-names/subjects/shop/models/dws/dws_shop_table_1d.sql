SELECT id AS site FROM no_such_range(3)
