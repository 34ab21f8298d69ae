# Probability of improvement
# Written by `suite plot`. To draw it again, in this folder: gnuplot improvement.gp

W = 612
H = 346
set terminal svg noenhanced size W, H font 'sans-serif,14' background '#ffffff'
SMALL = ',11'
set output 'improvement.svg'
data = 'improvement.dat'

set style line 1 lc rgb '#000000' lw 2 dt (8,3) pt 4 ps 0.7 # scratch
set style line 2 lc rgb '#CC79A7' lw 2 dt (2,2) pt 13 ps 0.7 # distill
set style line 3 lc rgb '#0072B2' lw 2 dt 1 pt 7 ps 0.7 # dqinit
set style line 4 lc rgb '#E69F00' lw 2 dt (14,3) pt 9 ps 0.7 # finetune
set style line 5 lc rgb '#009E73' lw 2 dt (8,3,2,3) pt 5 ps 0.7 # jsrl

set border 3 lc rgb '#404040'
set tics nomirror scale 0.5
set grid ytics lc rgb '#e4e4e4' lt 1 lw 1
set key off
set title offset 0,-0.6
set xlabel offset 0,0.4
set style fill transparent solid 0.16 noborder
set multiplot

set lmargin at screen 108./W
set rmargin at screen 588./W
set tmargin at screen 1 - 36./H
set bmargin at screen 1 - 266./H
set title ''
set xlabel 'is higher than this one, in auc'
unset grid
unset border
set xrange [-0.5:4.5]
set yrange [4.5:-0.5]
set cbrange [0:1]
unset colorbox
set palette defined (0 '#f0a884', 0.5 '#ffffff', 1 '#86b8dc')
set xtics scale 0 ('scratch' 0, 'distill' 1, 'dqinit' 2, 'finetune' 3, 'jsrl' 4)
set ytics scale 0 ('scratch' 0, 'distill' 1, 'dqinit' 2, 'finetune' 3, 'jsrl' 4)
set ylabel 'this column'
plot data index 0 using 2:1:($2-0.48):($2+0.48):($1-0.46):($1+0.46):3 with boxxyerror fs solid 1 noborder lc palette, \
    data index 0 using 2:($1-0.14):(sprintf('%.2f', $3)) with labels, \
    data index 0 using 2:($1+0.2):(valid(4)?sprintf('[%.2f, %.2f]', $4, $5):'') with labels font SMALL

unset title
unset xlabel
unset ylabel
unset tics
unset border
unset grid
unset object
unset arrow
unset label
unset colorbox
set lmargin at screen 0
set rmargin at screen 1
set bmargin at screen 0
set tmargin at screen 1
set xrange [0:1]
set yrange [0:1]
set label 'in brackets: 95 % stratified bootstrap interval' at screen 0.5, screen 19./H center font SMALL tc rgb '#404040'
plot NaN notitle

unset multiplot
unset output
