# Two treaties declared one.
INSERT DATA { :treaty owl:sameAs :other }
