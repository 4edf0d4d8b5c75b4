# Two treaties declared one, from the other side.
INSERT DATA { :other owl:sameAs :treaty }
