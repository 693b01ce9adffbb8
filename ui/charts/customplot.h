#pragma once

// QCustomPlot's header has need of Qt's foreach, which the project switches off.
#define foreach(variable, container) for (variable : container)
#include <qcustomplot.h>
#undef foreach
