# Two relations declared one.
INSERT DATA { :alliance owl:sameAs :other }
